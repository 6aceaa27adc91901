"""One ingest at a time: a lock in the database, which goes with the connection that holds it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select, text

from enfilade.errors import IngestRunningError
from enfilade.schema import run

__all__ = ["only_ingest"]

KEY = int.from_bytes(b"enf-work")


@contextmanager
def only_ingest(engine: Engine, *, wait: bool, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to write to this database; wait for it, having said so, or raise IngestRunningError."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not _try(connection):
            who = _describe(connection)
            if not wait:
                raise IngestRunningError(f"{who} Wait for it, or leave out --no-wait.")
            on_wait(f"{who} Waiting for it to end…")
            while not _try(connection):
                time.sleep(0.5)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": KEY})


def _try(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}))


def _describe(connection: Connection) -> str:
    latest = (
        select(run.c.source, run.c.started_at).where(run.c.finished_at.is_(None)).order_by(run.c.id.desc()).limit(1)
    )
    row = connection.execute(latest).one_or_none()
    if row is None:
        return "Another command is writing to this collection."
    return f"Another ingest is running: {row.source}, since {row.started_at.astimezone():%H:%M:%S}."
