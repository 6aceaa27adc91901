"""What every command that writes begins with: the database, the lock, and someone to tell."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from sqlalchemy import Engine

from enfilade.database import open_database
from enfilade.settings import Settings
from ingest.lock import only_ingest
from ingest.progress import Reporter

__all__ = ["writing"]


@contextmanager
def writing(settings: Settings, what: str, *, wait: bool = True) -> Iterator[tuple[Engine, Reporter]]:
    """Open the database and hold the right to write to it; `what` tells others who does."""
    reporter = Reporter(Console(stderr=True))
    with open_database(settings) as engine, only_ingest(engine, what, wait=wait, on_wait=reporter.say):
        yield engine, reporter
