"""What every request needs: the database, the graphs, the embedders, the settings. Knows no routes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app
from sqlalchemy import Connection, Engine

from enfilade.judges import Judges
from enfilade.settings import ServerSettings
from server.embedders import Embedders
from server.fetching import Fetcher
from server.graphs import Graphs
from server.limiting import Limiter, count_upload
from server.query_log import QueryLog

__all__ = ["Services", "fetch", "reading", "services"]


@dataclass(frozen=True, slots=True)
class Services:
    """What a request needs beyond itself."""

    engine: Engine
    graphs: Graphs
    embedders: Embedders
    judges: Judges
    settings: ServerSettings
    home: Path
    """The data directory."""
    fetcher: Fetcher
    limiter: Limiter
    query_log: QueryLog | None = None

    def close(self) -> None:
        """Finish what is done beside the answers."""
        if self.query_log is not None:
            self.query_log.close()


def services() -> Services:
    """Give the services of the current app."""
    return cast("Services", current_app.extensions["enfilade"])


@contextmanager
def reading() -> Iterator[Connection]:
    """Open a transaction; of an engine by server.database, it is read-only and sees one state of the database."""
    with services().engine.connect() as connection:
        yield connection


def fetch(url: str) -> bytes:
    """Fetch a picture for the current request, which counts as an upload.

    Raises TooManyUploadsError, and what server.fetching raises. Best called before a transaction begins: it may take
    seconds.
    """
    if services().fetcher.on:
        count_upload(services().limiter)
    return services().fetcher.fetch(url)
