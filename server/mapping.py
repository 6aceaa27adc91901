"""A graph as files that processes map into shared memory: written once, by whoever needs it first. Knows no routes."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from psycopg import sql
from sqlalchemy import Connection

from enfilade.copying import copy_out, integer, real, small, whole
from enfilade.knn import EdgeKind
from enfilade.paths import PathGraph, path_graph

__all__ = ["KINDS", "map_graph"]

KINDS: Final = tuple(kind.name.lower() for kind in EdgeKind)  # as the database spells them
KEPT = 8
UNREADABLE: Final = (OSError, ValueError, EOFError)
EDGES = """
    SELECT source, target, distance, array_position({kinds}::text[], kind)::smallint AS kind
    FROM enfilade.edge WHERE graph_id = {graph}
"""


def map_graph(connection: Connection, graph_id: int, folder: Path) -> PathGraph:
    """Map a graph from its folder, filling that from the database if it is missing or damaged."""
    with suppress(*UNREADABLE):
        return _map(folder)
    graph = _read(connection, graph_id)
    try:
        _write(graph, folder)
        return _map(folder)
    except UNREADABLE:  # a full disk, or no edge to map: this process then has its own
        return graph


def _map(folder: Path) -> PathGraph:
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in PathGraph.FIELDS}
    folder.touch()  # it is in use: see _forget_others
    return PathGraph(**arrays)


def _read(connection: Connection, graph_id: int) -> PathGraph:
    fields = [integer("source"), integer("target"), real("distance"), small("kind")]
    query = sql.SQL(EDGES).format(kinds=sql.Literal(list(KINDS)), graph=sql.Literal(graph_id))
    edges = whole(copy_out(connection, query, fields), fields)
    # array_position counts from 1, EdgeKind from 0.
    return path_graph(edges["source"], edges["target"], edges["distance"], edges["kind"] - 1)


def _write(graph: PathGraph, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        for name in PathGraph.FIELDS:
            np.save(partial / f"{name}.npy", getattr(graph, name))
        shutil.rmtree(folder, ignore_errors=True)  # there only if it could not be read
        with suppress(OSError):  # another worker was first
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _forget_others(folder.parent)


def _forget_others(folder: Path) -> None:
    """Remove all but the graphs mapped last. Whoever has one of the others mapped keeps it."""
    ages = {}
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            ages[path] = path.stat().st_mtime
    for path in sorted(ages, key=ages.__getitem__)[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
