"""The edges of a graph, loaded for searching paths in process."""

from psycopg import sql
from sqlalchemy import Connection

from enfilade.copying import copy_out, integer, real, whole
from enfilade.paths import PathGraph, path_graph
from enfilade.schema import SCHEMA

__all__ = ["load_graph"]


def load_graph(connection: Connection, graph_id: int) -> PathGraph:
    """Load a graph by binary COPY."""
    query = sql.SQL("SELECT source, target, distance FROM {}.edge WHERE graph_id = {}").format(
        sql.Identifier(SCHEMA), sql.Literal(graph_id)
    )
    fields = [integer("source"), integer("target"), real("distance")]
    columns = whole(copy_out(connection, query, fields), fields)
    return path_graph(columns["source"], columns["target"], columns["distance"])
