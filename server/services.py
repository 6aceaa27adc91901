"""What every request needs: the database, the graphs, the embedders, the settings. Knows no routes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app
from sqlalchemy import Connection, Engine

from enfilade.settings import ServerSettings
from server.embedders import Embedders
from server.graphs import Graphs

__all__ = ["Services", "reading", "services"]


@dataclass(frozen=True, slots=True)
class Services:
    """What a request needs beyond itself."""

    engine: Engine
    graphs: Graphs
    embedders: Embedders
    settings: ServerSettings
    home: Path
    """The data directory."""


def services() -> Services:
    """Give the services of the current app."""
    return cast("Services", current_app.extensions["enfilade"])


@contextmanager
def reading() -> Iterator[Connection]:
    """Open a transaction; of an engine by server.database, it is read-only and sees one state of the database."""
    with services().engine.connect() as connection:
        yield connection
