"""Alembic's migrations of schema `enfilade`. A merged migration is never edited."""

from pathlib import Path

from alembic.config import Config
from sqlalchemy import Connection

__all__ = ["HEAD", "alembic_config"]

HEAD = "0007"
"""The newest revision, told here so that a command need not load every migration; a test holds it to the truth."""


def alembic_config(connection: Connection) -> Config:
    """Configure Alembic to work on an open connection, in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
