"""The web server's way to the database: read-only, one state of it for each request, bounded in time."""

import time
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from enfilade.database import connect_engine

__all__ = ["connect"]

STATEMENT_MILLISECONDS = 30_000
IDLE_SECONDS = 1.0


def connect(url: str, threads: int = 8) -> Engine:
    """Make an engine for a process of so many threads; connections are opened when they are first needed."""
    engine = connect_engine(url, pool_size=threads, pre_ping=False)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkin", _remember)
    event.listen(engine, "checkout", _ping)
    return engine


def _prepare(connection: psycopg.Connection, _record: object) -> None:
    # By a statement, since poolers between us and Postgres refuse such options at connecting.
    connection.execute(f"SET statement_timeout = {STATEMENT_MILLISECONDS}")
    connection.commit()
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


def _remember(_connection: object, record: Any) -> None:  # noqa: ANN401
    record.info["used"] = time.monotonic()


def _ping(connection: psycopg.Connection, record: Any, _proxy: object) -> None:  # noqa: ANN401
    """Look whether a connection that lay idle still stands; SQLAlchemy's own pre-ping would ask at each request."""
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error  # another is opened in its place
