"""The log of queries: what was answered, in which space, how surely and how fast. Neither pictures nor addresses."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert

from enfilade.schema import query_log

__all__ = ["Query", "delete_queries", "write_queries"]


@dataclass(frozen=True, slots=True)
class Query:
    """One answer; the fields are the columns of enfilade.query_log."""

    at: datetime
    operation: str
    space_id: int | None
    milliseconds: float
    verdict: str | None = None
    confidence: float | None = None


def write_queries(connection: Connection, queries: Sequence[Query]) -> None:
    """Write a row for each."""
    connection.execute(insert(query_log), [asdict(query) for query in queries])


def delete_queries(connection: Connection, days: int) -> int:
    """Delete the rows that are older than so many days; gives how many there were."""
    old = query_log.c.at < func.now() - func.make_interval(0, 0, 0, days)
    return connection.execute(delete(query_log).where(old)).rowcount
