"""Tell which files an ingest did not find again. Nothing is removed for it."""

from sqlalchemy import Connection, func, select

from enfilade.schema import occurrence, run

__all__ = ["count_vanished"]


def count_vanished(connection: Connection, source: str, run_id: int) -> int:
    """Count the files that earlier runs took from this source and this run did not see."""
    started = select(run.c.started_at).where(run.c.id == run_id).scalar_subquery()
    query = select(func.count()).where(occurrence.c.source == source, occurrence.c.seen_at < started)
    return connection.scalar(query) or 0
