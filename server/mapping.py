"""A graph as files that processes map into shared memory: written once, by whoever needs it first. Knows no routes."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from scipy.sparse import coo_array, csr_array
from sqlalchemy import Connection

from enfilade.copying import copy_out, integer, real, small, whole
from enfilade.paths import PathGraph, path_graph

__all__ = ["KINDS", "MappedGraph", "map_graph"]

KINDS: Final = ("knn", "mutual", "bridge")
KEPT = 8
FILES: Final = ("ids", "indptr", "indices", "weights", "kinds")
UNREADABLE: Final = (OSError, ValueError, EOFError)
EDGES = """
    SELECT source, target, distance, array_position({kinds}::text[], kind)::smallint AS kind
    FROM enfilade.edge WHERE graph_id = {graph}
"""


@dataclass(frozen=True, slots=True, eq=False)
class MappedGraph:
    """A graph to search paths in, and beside each entry of its matrix the edge's kind, as its place in KINDS."""

    graph: PathGraph
    kinds: NDArray[np.uint8]

    def kind(self, source_id: int, target_id: int) -> str:
        """Tell the kind of an edge: knn, mutual or bridge. Raises KeyError where the two share none."""
        row, column = self.graph.node(source_id), self.graph.node(target_id)
        matrix = self.graph.matrix
        first, last = int(matrix.indptr[row]), int(matrix.indptr[row + 1])
        place = first + int(np.searchsorted(matrix.indices[first:last], column))
        if place == last or matrix.indices[place] != column:
            raise KeyError(source_id, target_id)
        return KINDS[self.kinds[place]]


def map_graph(connection: Connection, graph_id: int, folder: Path) -> MappedGraph:
    """Map a graph from its folder, filling that from the database if it is missing or damaged."""
    with suppress(*UNREADABLE):
        return _map(folder)
    arrays = _read(connection, graph_id)
    try:
        _write(arrays, folder)
        return _map(folder)
    except UNREADABLE:  # a full disk, or no edge to map: this process then has its own
        return _assemble(arrays)


def _map(folder: Path) -> MappedGraph:
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in FILES}
    folder.touch()  # it is in use: see _forget_others
    return _assemble(arrays)


def _assemble(arrays: dict[str, NDArray[Any]]) -> MappedGraph:
    count = len(arrays["ids"])
    # Takes the arrays as they are: nothing is copied out of the files.
    matrix = csr_array((arrays["weights"], arrays["indices"], arrays["indptr"]), shape=(count, count))
    return MappedGraph(PathGraph(arrays["ids"], matrix), arrays["kinds"])


def _read(connection: Connection, graph_id: int) -> dict[str, NDArray[Any]]:
    fields = [integer("source"), integer("target"), real("distance"), small("kind")]
    query = sql.SQL(EDGES).format(kinds=sql.Literal(list(KINDS)), graph=sql.Literal(graph_id))
    edges = whole(copy_out(connection, query, fields), fields)
    graph = path_graph(edges["source"], edges["target"], edges["distance"])
    # The same entries in the same order, since no pair comes twice.
    ends = np.searchsorted(graph.ids, edges["source"]), np.searchsorted(graph.ids, edges["target"])
    places = np.concatenate(ends), np.concatenate(ends[::-1])
    kinds = coo_array((np.tile(edges["kind"], 2), places), shape=graph.matrix.shape).tocsr()
    kinds.sort_indices()
    return {
        "ids": graph.ids,
        # Dijkstra's search wants 32 bits, and would make such a copy at each call.
        "indptr": graph.matrix.indptr.astype(np.int32),
        "indices": graph.matrix.indices.astype(np.int32),
        "weights": graph.matrix.data,
        "kinds": (kinds.data - 1).astype(np.uint8),
    }


def _write(arrays: dict[str, NDArray[Any]], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(partial / f"{name}.npy", array)
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
