"""Tell which files an ingest did not find again. No image is removed for it."""

from sqlalchemy import Connection, delete, func, select

from enfilade.schema import occurrence, rejection, run

__all__ = ["count_vanished", "forget_rejections"]


def count_vanished(connection: Connection, source: str, run_id: int) -> int:
    """Count the files that earlier runs took from this source and this run did not see."""
    started = select(run.c.started_at).where(run.c.id == run_id).scalar_subquery()
    query = select(func.count()).where(occurrence.c.source == source, occurrence.c.seen_at < started)
    return connection.scalar(query) or 0


def forget_rejections(connection: Connection, source: str, run_id: int) -> None:
    """Forget the refusals of this source that the run, having seen all of it, did not meet again."""
    started = select(run.c.started_at).where(run.c.id == run_id).scalar_subquery()
    connection.execute(delete(rejection).where(rejection.c.source == source, rejection.c.at < started))
