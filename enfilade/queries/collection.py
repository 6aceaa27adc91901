"""What a collection holds, and what was done to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from enfilade.schema import image, occurrence, rejection, rendition, run

__all__ = ["Collection", "Rejection", "Run", "get_collection", "latest_runs", "list_rejections"]


@dataclass(frozen=True, slots=True)
class Collection:
    """How much there is."""

    images: int
    hidden: int
    occurrences: int
    rendition_bytes: int
    rejections: Mapping[str, int]
    """Reason code -> files."""


@dataclass(frozen=True, slots=True)
class Run:
    """One ingest."""

    id: int
    source: str
    started_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]
    rates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file that was not taken."""

    source_uri: str
    reason: str
    detail: str
    at: datetime


def get_collection(connection: Connection) -> Collection:
    """Count what there is."""
    hidden = func.count(case((image.c.hidden_at.is_not(None), 1)))
    images, removed = connection.execute(select(func.count() - hidden, hidden).select_from(image)).one()
    files = func.count().label("files")
    reasons = select(rejection.c.reason, files).group_by(rejection.c.reason).order_by(files.desc())
    return Collection(
        images=images,
        hidden=removed,
        occurrences=connection.scalar(select(func.count()).select_from(occurrence)) or 0,
        rendition_bytes=int(connection.scalar(select(func.sum(func.octet_length(rendition.c.bytes)))) or 0),
        rejections={row["reason"]: row["files"] for row in connection.execute(reasons).mappings()},
    )


def latest_runs(connection: Connection, limit: int) -> list[Run]:
    """List the latest ingests, newest first."""
    columns = (run.c.id, run.c.source, run.c.started_at, run.c.finished_at, run.c.counts, run.c.rates)
    rows: Any = connection.execute(select(*columns).order_by(run.c.id.desc()).limit(limit)).mappings()
    return [Run(**row) for row in rows]


def list_rejections(connection: Connection) -> list[Rejection]:
    """List every file that was not taken, by its place."""
    columns = (rejection.c.source_uri, rejection.c.reason, rejection.c.detail, rejection.c.at)
    rows: Any = connection.execute(select(*columns).order_by(rejection.c.source_uri)).mappings()
    return [Rejection(**row) for row in rows]
