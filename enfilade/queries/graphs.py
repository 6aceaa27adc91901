"""The edges of a graph, loaded for searching paths in process."""

from psycopg import sql
from sqlalchemy import Connection

from enfilade.copying import copy_out, integer, real, whole
from enfilade.paths import PathGraph, path_graph

__all__ = ["load_graph"]

EDGES = """
    SELECT source, target, distance FROM enfilade.edge WHERE graph_id = {graph}
        AND source NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
        AND target NOT IN (SELECT id FROM enfilade.image WHERE hidden_at IS NOT NULL)
"""


def load_graph(connection: Connection, graph_id: int) -> PathGraph:
    """Load a graph by binary COPY, without the images that were removed since it was built."""
    query = sql.SQL(EDGES).format(graph=graph_id)
    fields = [integer("source"), integer("target"), real("distance")]
    columns = whole(copy_out(connection, query, fields), fields)
    return path_graph(columns["source"], columns["target"], columns["distance"])
