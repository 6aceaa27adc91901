"""Drop what was retired long enough ago, and the features that only it was made of.

Readers are never blocked: partitions are detached concurrently.
"""

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, select, text, update

from enfilade.copying import driver
from enfilade.schema import SCHEMA, graph, space
from ingest.graphs import edge_table
from ingest.progress import Reporter
from ingest.spaces import embedding_table

__all__ = ["KEPT_GRAPHS", "KEPT_VERSIONS", "drop_retired"]

KEPT_GRAPHS = 2
"""Retired graphs of each space whose links still open."""
KEPT_VERSIONS = 1
"""Retired versions of each space that can still be brought back, beside those that kept graphs are of."""

PATIENCE_SECONDS = 5

# A few thousand at a time, so that each statement ends within its time.
FORGET_FEATURES = """
    DELETE FROM enfilade.feature WHERE ctid = ANY (ARRAY(
        SELECT f.ctid FROM enfilade.feature AS f WHERE f.extractor_id IN (
            SELECT x.id FROM enfilade.extractor AS x WHERE NOT EXISTS (
                SELECT FROM enfilade.space AS s WHERE x.id = ANY (s.extractor_ids) AND s.status <> 'dropped'))
        LIMIT 5000))
"""


def drop_retired(engine: Engine, reporter: Reporter) -> None:
    """Drop retired graphs and spaces beyond those kept; their rows stay, to tell that they were.

    Detaching waits for everybody who has read the table and is still in a transaction. Where that takes too long, it
    is left to the next run.
    """
    try:
        _drop_retired(engine)
    except psycopg.errors.QueryCanceled:
        reporter.say("Old builds are still being read; they will be dropped after a later run.")


def _drop_retired(engine: Engine) -> None:
    # DETACH CONCURRENTLY works in no transaction.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver(connection).execute(sql.SQL("SET statement_timeout = {}").format(f"{PATIENCE_SECONDS}s"))
        try:
            for graph_id in _graphs_to_drop(connection):
                _drop(connection, "edge", edge_table(graph_id), f"edge_{graph_id}")
                connection.execute(update(graph).where(graph.c.id == graph_id).values(status="dropped"))
            for space_id in _spaces_to_drop(connection):
                _drop(connection, "embedding", embedding_table(space_id), f"embedding_{space_id}")
                connection.execute(update(space).where(space.c.id == space_id).values(status="dropped"))
            while driver(connection).execute(FORGET_FEATURES).rowcount:
                pass
        finally:
            driver(connection).execute("RESET statement_timeout")


def _graphs_to_drop(connection: Connection) -> list[int]:
    query = (
        select(graph.c.id, space.c.name)
        .join(space, space.c.id == graph.c.space_id)
        .where(graph.c.status == "retired")
        .order_by(graph.c.id.desc())
    )
    return _beyond(KEPT_GRAPHS, [(row.name, row.id) for row in connection.execute(query)])


def _spaces_to_drop(connection: Connection) -> list[int]:
    query = select(space.c.id, space.c.name).where(space.c.status == "retired")
    latest_first = query.order_by(space.c.retired_at.desc(), space.c.id.desc())
    beyond = _beyond(KEPT_VERSIONS, [(row.name, row.id) for row in connection.execute(latest_first)])
    walked = set(connection.scalars(select(graph.c.space_id).where(graph.c.status != "dropped")))  # by kept links
    return [space_id for space_id in beyond if space_id not in walked]


def _beyond(kept: int, newest_first: list[tuple[str, int]]) -> list[int]:
    met: dict[str, int] = {}
    beyond = []
    for name, identity in newest_first:
        met[name] = met.get(name, 0) + 1
        if met[name] > kept:
            beyond.append(identity)
    return sorted(beyond)  # one that a killed or impatient run half detached comes first, as it must


def _drop(connection: Connection, parent: str, table: sql.Identifier, name: str) -> None:
    pending = connection.scalar(
        text("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = to_regclass(:table)"),
        {"table": f"{SCHEMA}.{name}"},
    )
    cursor = driver(connection).cursor()
    if pending is not None:  # still attached, or half detached by a run that was killed
        how = sql.SQL("FINALIZE" if pending else "CONCURRENTLY")
        detach = sql.SQL("ALTER TABLE {} DETACH PARTITION {} {}")
        cursor.execute(detach.format(sql.Identifier(SCHEMA, parent), table, how))
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
