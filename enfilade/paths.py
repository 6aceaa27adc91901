"""Find the shortest path between two images over weighted edges. Knows no database and no pictures."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from enfilade.errors import NoPathError, UnknownImageError

__all__ = ["Path", "PathGraph", "count_components", "path_graph", "shortest_path"]


@dataclass(frozen=True, slots=True, eq=False)
class PathGraph:
    """An undirected graph of images. ids: (n,), ascending; matrix: (n, n), symmetric, distances in radians.

    An entry of the matrix is an edge even where it is 0, as between exact duplicates.
    """

    ids: NDArray[np.int64]
    matrix: "csr_array[np.float64, tuple[int, int]]"

    def node(self, image_id: int) -> int:
        """Find the row of an image. Raises UnknownImageError where there is none."""
        row = int(np.searchsorted(self.ids, image_id))
        if row == len(self.ids) or self.ids[row] != image_id:
            raise UnknownImageError(image_id)
        return row


@dataclass(frozen=True, slots=True)
class Path:
    """Images in the order of walking, and the distance of each step in radians: one fewer."""

    images: tuple[int, ...]
    distances: tuple[float, ...]

    @property
    def length(self) -> float:
        """The sum of the distances."""
        return math.fsum(self.distances)  # the same in both directions

    @property
    def worst_step(self) -> float:
        """The largest distance; 0 for a path of one image."""
        return max(self.distances, default=0.0)


def path_graph(
    source_ids: NDArray[np.integer],
    target_ids: NDArray[np.integer],
    distances: NDArray[np.floating],
    *,
    images: ArrayLike = (),
) -> PathGraph:
    """Gather undirected edges, arrays of (m,), between images given by id; each pair once, either way round.

    images: ids that belong to the graph even without an edge, such as that of a collection's only picture.
    distances are in radians. Raises ValueError for an edge given twice.
    """
    ids = np.unique(np.concatenate([source_ids, target_ids, np.asarray(images, dtype=np.int64)]))
    ends = np.searchsorted(ids, source_ids), np.searchsorted(ids, target_ids)
    rows, columns = np.concatenate(ends), np.concatenate(ends[::-1])
    weights = np.tile(distances.astype(np.float64), 2)
    matrix = coo_array((weights, (rows, columns)), shape=(len(ids), len(ids))).tocsr()
    if matrix.nnz != len(weights):
        raise ValueError("an edge was given twice")
    matrix.sort_indices()  # so that ties do not depend on the order in which edges came
    return PathGraph(ids.astype(np.int64), matrix)


def count_components(graph: PathGraph) -> int:
    """Count the connected components: one, where every pair of images has a path."""
    count, _ = connected_components(graph.matrix, directed=False)
    return int(count)


def shortest_path(graph: PathGraph, source_id: int, target_id: int) -> Path:
    """Find a path of least length between two images, by E. W. Dijkstra's algorithm (1959).

    The way back is the same path reversed. Raises UnknownImageError for an id without a node, NoPathError
    where nothing joins the two.
    """
    source, target = graph.node(source_id), graph.node(target_id)
    start, end = min(source, target), max(source, target)  # one search for both directions: ties fall alike
    _, before = dijkstra(graph.matrix, indices=[start], return_predecessors=True)
    nodes = [end]
    while nodes[-1] != start:
        nodes.append(int(before[0, nodes[-1]]))
        if nodes[-1] < 0:
            raise NoPathError
    if target == end:
        nodes.reverse()
    steps = (float(graph.matrix[step]) for step in pairwise(nodes))
    return Path(tuple(graph.ids[nodes].tolist()), tuple(steps))
