"""What every request needs: the database, the graphs, the embedders, the settings. Knows no routes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


def services() -> Services:
    """Give the services of the current app."""
    return cast("Services", current_app.extensions["enfilade"])


@contextmanager
def reading() -> Iterator[Connection]:
    """Open a read-only transaction that sees one state of the database throughout."""
    engine = services().engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection:
        yield connection
