"""A graph's edges and its images' places, loaded for searching paths in process."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, text

from enfilade.copying import copy_out, integer, real, small, vector, whole
from enfilade.edges import EdgeKind
from enfilade.paths import PathGraph, path_graph

__all__ = ["KINDS", "load_graph", "load_vectors"]

KINDS: Final = tuple(kind.name.lower() for kind in EdgeKind)
"""The kinds of edges as the database spells them, each at the place of its EdgeKind."""

EDGES = """
    SELECT source, target, distance, array_position({kinds}::text[], kind)::smallint AS kind
    FROM enfilade.edge WHERE graph_id = {graph}
"""
SHOWN = """
    AND source NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
    AND target NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
"""
# A graph without an edge is that of a collection's only image.
ALONE = text("""
    SELECT e.image_id FROM enfilade.graph AS g JOIN enfilade.embedding AS e USING (space_id)
    JOIN enfilade.image AS i ON i.id = e.image_id
    WHERE g.id = :graph AND i.hidden_at IS NULL
""")
PLACES = "SELECT image_id, vector FROM enfilade.embedding WHERE space_id = {space}"


def load_graph(connection: Connection, graph_id: int, *, removed: bool = False) -> PathGraph:
    """Load a graph by binary COPY; without the images that were removed since it was built, unless those are wanted."""
    query = sql.SQL(EDGES if removed else EDGES + SHOWN).format(kinds=sql.Literal(list(KINDS)), graph=graph_id)
    fields = [integer("source"), integer("target"), real("distance"), small("kind")]
    edges = whole(copy_out(connection, query, fields), fields)
    alone = [] if len(edges["source"]) else connection.scalars(ALONE, {"graph": graph_id}).all()
    # array_position counts from 1, EdgeKind from 0.
    return path_graph(edges["source"], edges["target"], edges["distance"], edges["kind"] - 1, images=alone)


def load_vectors(connection: Connection, space_id: int, dimensions: int, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    """Load the places of images in a space, (n, dimensions), in the order of their ids (n,), by binary COPY.

    Raises ValueError where an image has none.
    """
    fields = [integer("image_id"), vector("vector", dimensions)]
    order = np.argsort(ids)
    vectors, met = np.empty((len(ids), dimensions), dtype=np.float32), 0
    for block in copy_out(connection, sql.SQL(PLACES).format(space=space_id), fields):
        met += _put(vectors, ids, order, block)
    if met != len(ids):
        raise ValueError(f"{len(ids) - met} images have no place in the space {space_id}")
    return vectors


def _put(
    vectors: NDArray[np.float32], ids: NDArray[np.int64], order: NDArray[np.int64], block: dict[str, NDArray[Any]]
) -> int:
    ranks = np.minimum(np.searchsorted(ids, block["image_id"], sorter=order), len(ids) - 1)
    rows = order[ranks]
    wanted = ids[rows] == block["image_id"]
    vectors[rows[wanted]] = block["vector"][wanted]
    return int(wanted.sum())
