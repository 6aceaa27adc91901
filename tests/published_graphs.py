"""Put a drawn graph into the tables, as if its images had been ingested."""

import numpy as np
from sqlalchemy import Connection, text

from enfilade.edges import Edges
from enfilade.paths import PathGraph
from ingest.graphs import write_edges

IMAGES = """
    INSERT INTO enfilade.image (id, sha256, phash, width, height, media_type) OVERRIDING SYSTEM VALUE
    SELECT id, sha256(int8send(id)), 0, 1, 1, 'image/png' FROM unnest((:ids)::bigint[]) AS id
"""
PUBLISHED = """
    WITH s AS (
        INSERT INTO enfilade.space
            (name, version, extractor_ids, recipe, recipe_hash, dimensions, fitted_on, parameters, status)
        VALUES ('drawn', 1, '{}', '{}', '', 6, 1, '', 'published') RETURNING id
    ), g AS (
        INSERT INTO enfilade.graph (space_id, k, status, images, edges, components_before, recall, membership)
        SELECT id, 1, 'published', :images, :edges, 1, 1, '' FROM s RETURNING id, space_id
    )
    INSERT INTO enfilade.current (space_name, space_id, graph_id, is_default) SELECT 'drawn', space_id, id, true FROM g
    RETURNING graph_id
"""


def publish(connection: Connection, graph: PathGraph) -> None:
    """Publish a graph in an empty collection, for as long as the transaction lasts; its ranks are not known."""
    connection.execute(text(IMAGES), {"ids": graph.ids.tolist()})
    counts = {"images": len(graph.ids), "edges": graph.edges}
    graph_id = connection.execute(text(PUBLISHED), counts).scalar_one()
    rows = np.repeat(np.arange(len(graph.ids)), np.diff(graph.indptr))
    once = rows < graph.indices
    ends = rows[once], graph.indices[once].astype(np.int64)
    ranks = np.zeros(graph.edges, dtype=np.int16)
    edges = Edges(*ends, graph.weights[once], graph.kinds[once].astype(np.int8), ranks, ranks)
    write_edges(connection, graph_id, graph.ids, edges)
