"""One ingest at a time: a lock in the database, which goes with the connection that holds it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from enfilade.errors import IngestRunningError

__all__ = ["only_ingest"]

KEY = int.from_bytes(b"enf-work")
NAME_LENGTH = 63  # Postgres cuts application_name there
HOLDER = """
    SELECT a.application_name, a.backend_start AS since FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND ((l.classid::bigint << 32) | l.objid::bigint) = :key
"""


@contextmanager
def only_ingest(engine: Engine, what: str, *, wait: bool, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to write to this database; wait for it, having said so, or raise IngestRunningError.

    `what` tells others who holds it.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT set_config('application_name', :what, false)"), {"what": what[:NAME_LENGTH]})
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
    row = connection.execute(text(HOLDER), {"key": KEY}).one_or_none()
    if row is None:
        return "Another command is writing to this collection."
    return f"Another command is writing to this collection: {row.application_name}, since {row.since:%H:%M:%S}."
