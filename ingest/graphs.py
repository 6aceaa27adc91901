"""The third stage: embeddings -> a kNN graph, joined into one component, checked, and published."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, func, insert, select, update

from enfilade.copying import copy_in, copy_out, driver, integer, real, small, vector, whole
from enfilade.edges import EdgeKind, Edges
from enfilade.joining import components, join
from enfilade.knn import edges_of, knn_graph
from enfilade.schema import current, graph
from enfilade.schema import space as space_table
from enfilade.spaces import Space
from ingest.progress import Reporter
from ingest.statistics import graph_statistics

__all__ = ["NEIGHBOURS", "BuiltGraph", "bring_graph_up_to_date", "edge_table", "write_edges"]

NEIGHBOURS = 10
"""k of the kNN graph. On 3,364 paintings it gave one component, with 1.8 % nobody's neighbour (`enfilade status`)."""


# Ordered by hash, so that ties, and so the graph, do not depend on the order in which the pictures came.
PLACES = """
    SELECT e.image_id, e.vector FROM enfilade.embedding AS e JOIN enfilade.image AS i ON i.id = e.image_id
    WHERE e.space_id = {space} AND i.hidden_at IS NULL
    ORDER BY i.sha256
"""
MEMBERS = """
    SELECT string_agg(i.sha256, ''::bytea ORDER BY i.sha256)
    FROM enfilade.embedding AS e JOIN enfilade.image AS i ON i.id = e.image_id
    WHERE e.space_id = %s AND i.hidden_at IS NULL
"""
STAGED = """
    CREATE TEMPORARY TABLE staged_edge (source bigint, target bigint, distance real,
        kind smallint, source_rank smallint, target_rank smallint) ON COMMIT DROP
"""
# The constraint lets ATTACH trust the table without reading it (the PostgreSQL manual, ALTER TABLE).
CREATE = """
    CREATE TABLE {table} (LIKE enfilade.edge INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE
        INCLUDING COMMENTS, CHECK (graph_id = {graph}));
    INSERT INTO {table} (graph_id, source, target, distance, kind, source_rank, target_rank)
        SELECT {graph}, source, target, distance, ({kinds}::text[])[kind + 1],
            nullif(source_rank, 0), nullif(target_rank, 0)
        FROM staged_edge ORDER BY source, target;
    ALTER TABLE {table} ADD PRIMARY KEY (graph_id, source, target);
    CREATE INDEX ON {table} (graph_id, target);
    ANALYZE {table};
    ALTER TABLE enfilade.edge ATTACH PARTITION {table} FOR VALUES IN ({graph})
"""


@dataclass(frozen=True, slots=True)
class BuiltGraph:
    """The graph that is published, whether this run built it or found it."""

    id: int
    images: int
    edges: int
    components_before: int

    def as_dict(self) -> dict[str, int]:
        """Give it as JSON has it."""
        return {
            "id": self.id,
            "images": self.images,
            "components_before": self.components_before,
            "components": 1,
            "edges": self.edges,
        }


def edge_table(graph_id: int) -> sql.Identifier:
    """Name the partition of `edge` that holds one graph."""
    return sql.Identifier("enfilade", f"edge_{graph_id}")


def bring_graph_up_to_date(
    connection: Connection, space: Space, k: int | None, reporter: Reporter
) -> BuiltGraph | None:
    """Publish a graph of the images that are shown; harmless to repeat. None where there are none.

    Without a k, that of the graph before. In the caller's transaction; nothing that is read is locked.
    """
    membership = _membership(connection, space)
    if membership is None:
        _publish(connection, space, None)
        return None
    k = k or _latest_k(connection, space) or NEIGHBOURS
    if found := _published(connection, space, k, membership):
        return found
    with reporter.stage(f"Graph {space.name}"):
        return _build(connection, space, k, membership)


def _latest_k(connection: Connection, space: Space) -> int | None:
    versions = select(space_table.c.id).where(space_table.c.name == space.name)
    return connection.scalar(
        select(graph.c.k).where(graph.c.space_id.in_(versions)).order_by(graph.c.id.desc()).limit(1)
    )


def _membership(connection: Connection, space: Space) -> bytes | None:
    row = driver(connection).execute(MEMBERS, [space.id]).fetchone()
    return sha256(row[0]).digest() if row and row[0] else None


def _published(connection: Connection, space: Space, k: int, membership: bytes) -> BuiltGraph | None:
    query = (
        select(graph.c.id, graph.c.images, graph.c.edges, graph.c.components_before)
        .join(current, current.c.graph_id == graph.c.id)
        .where(current.c.space_id == space.id, graph.c.k == k, graph.c.membership == membership)
    )
    row = connection.execute(query).one_or_none()
    return BuiltGraph(*row) if row else None


def _build(connection: Connection, space: Space, k: int, membership: bytes) -> BuiltGraph:
    fields = [integer("image_id"), vector("vector", space.dimensions)]
    places = whole(copy_out(connection, sql.SQL(PLACES).format(space=space.id), fields), fields)
    ids, embeddings = places["image_id"], places["vector"]
    neighbours = knn_graph(embeddings, min(k, len(ids) - 1))
    edges = edges_of(neighbours)
    before, _ = components(len(ids), edges)
    joined = join(embeddings, edges)
    after, _ = components(len(ids), joined)
    if after != 1:
        raise AssertionError(f"the graph of {space.name} has {after} components after joining")
    row = {
        "space_id": space.id,
        "k": k,
        "status": "published",
        "images": len(ids),
        "edges": len(joined),
        "components_before": before,
        "recall": 1.0,  # the search is exact
        "membership": membership,
        "statistics": graph_statistics(neighbours, joined),
        "published_at": func.now(),
    }
    graph_id = connection.execute(insert(graph).values(row).returning(graph.c.id)).scalar_one()
    write_edges(connection, graph_id, ids, joined)
    _publish(connection, space, graph_id)
    return BuiltGraph(graph_id, len(ids), len(joined), before)


def write_edges(connection: Connection, graph_id: int, ids: NDArray[np.int64], edges: Edges) -> None:
    """Write the edges of a graph between the images of these ids (n,), as a partition of its own."""
    cursor = driver(connection).cursor()
    cursor.execute(STAGED)
    fields = [integer("source"), integer("target"), real("distance")]
    fields += [small("kind"), small("source_rank"), small("target_rank")]
    copy_in(connection, sql.Identifier("staged_edge"), fields, *_by_id(ids, edges))
    kinds = [kind.name.lower() for kind in sorted(EdgeKind)]
    cursor.execute(sql.SQL(CREATE).format(table=edge_table(graph_id), graph=graph_id, kinds=sql.Literal(kinds)))


def _by_id(ids: NDArray[np.int64], edges: Edges) -> tuple[NDArray[Any], ...]:
    """Go over from indices to image ids, and turn each edge so that the lesser id is its source."""
    source, target = ids[edges.source], ids[edges.target]
    turned = source > target
    return (
        np.where(turned, target, source),
        np.where(turned, source, target),
        edges.distance,
        edges.kind,
        np.where(turned, edges.target_rank, edges.source_rank),
        np.where(turned, edges.source_rank, edges.target_rank),
    )


def _publish(connection: Connection, space: Space, graph_id: int | None) -> None:
    """Make it the graph that is read, and retire those before it, other versions of the space's too."""
    versions = select(space_table.c.id).where(space_table.c.name == space.name)
    others = update(graph).where(graph.c.space_id.in_(versions), graph.c.status == "published")
    if graph_id is not None:
        others = others.where(graph.c.id != graph_id)
    connection.execute(others.values(status="retired", retired_at=func.now()))
    connection.execute(update(current).where(current.c.space_id == space.id).values(graph_id=graph_id))
