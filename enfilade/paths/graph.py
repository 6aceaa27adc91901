"""The graph that paths go over: an adjacency and a spanning forest, in arrays. Knows no database and no pictures."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from enfilade.edges import EdgeKind
from enfilade.errors import UnknownImageError
from enfilade.paths.adjacency import adjacency, places_of
from enfilade.paths.forest import spanning_forest

__all__ = ["PathGraph", "count_components", "path_graph"]

_QUANTILES = 1001
_SPARSE = 8  # ids this many times as wide as many are looked up by bisection, which needs no table


@dataclass(frozen=True, slots=True, eq=False)
class PathGraph:
    """An undirected graph of n images and m edges; each array may be mapped from a file. 18 bytes an edge, 32 an image.

    ids: (n,), the image of each row; neighbours lie near one another, so that a search stays in the processor's cache,
    and takes half the time. rows: (n,), the rows by ascending id. indptr (n + 1,), indices, weights, kinds (2m,): each
    row's neighbours by row, ascending, their distances in radians and EdgeKinds; an edge may be 0 long, as between
    exact duplicates. parent, link: (n,), see enfilade.paths.forest. quantiles: (1001,), the distances that a thousandth
    of the edges, two thousandths, … don't exceed; (0,) where there is no edge.
    """

    FIELDS: ClassVar = ("ids", "rows", "indptr", "indices", "weights", "kinds", "parent", "link", "quantiles")

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    parent: NDArray[np.int32]
    link: NDArray[np.float32]
    quantiles: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Make arrays that were mapped and those that were not alike, so that code is compiled for one kind."""
        for name in self.FIELDS:
            view = getattr(self, name).view(np.ndarray)
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @property
    def edges(self) -> int:
        """How many edges there are, each counted once."""
        return len(self.indices) // 2

    @property
    def matrix(self) -> "csr_array[Any, tuple[int, int]]":
        """The distances as a symmetric matrix (n, n), copied."""
        shape = len(self.ids), len(self.ids)
        return csr_array((self.weights.astype(np.float64), self.indices, self.indptr), shape=shape)

    def node(self, image_id: int) -> int:
        """Find the row of an image. Raises UnknownImageError where there is none."""
        found = self.find([image_id])
        if not len(found):
            raise UnknownImageError(image_id)
        return int(found[0])

    def find(self, image_ids: ArrayLike) -> NDArray[np.int64]:
        """Find the rows of those images that the graph has, in the order of the ids given, (m,) of them at most."""
        wanted = np.asarray(image_ids, dtype=np.int64)
        if not len(self.ids):
            return wanted[:0]
        ranks = np.searchsorted(self.ids, wanted, sorter=self.rows)
        rows = self.rows[np.minimum(ranks, len(self.ids) - 1)]
        found: NDArray[np.int64] = rows[self.ids[rows] == wanted]
        return found

    def kind(self, one_id: int, other_id: int) -> EdgeKind:
        """Tell why an edge is there. Raises KeyError where the two images share none."""
        nodes = np.array([self.node(one_id), self.node(other_id)], dtype=np.int32)
        place = int(places_of(self.indptr, self.indices, nodes)[0])
        if place < 0:
            raise KeyError(one_id, other_id)
        return EdgeKind(int(self.kinds[place]))

    def percentile(self, distance: float) -> float:
        """Give the percentage of edges that are shorter than a distance in radians, to a tenth: 0 to 100."""
        if not len(self.quantiles):
            return 0.0
        share = np.interp(distance, self.quantiles, np.linspace(0, 100, len(self.quantiles)))
        return round(float(share), 1)


def path_graph(
    source_ids: NDArray[np.integer],
    target_ids: NDArray[np.integer],
    distances: NDArray[np.floating],
    kinds: NDArray[np.integer] | None = None,
    *,
    images: ArrayLike = (),
) -> PathGraph:
    """Gather undirected edges, arrays of (m,), between images given by id; each pair once, either way round.

    distances are in radians; kinds are EdgeKinds, KNN where none are given. images: ids that belong to the graph even
    without an edge, such as that of a collection's only picture. Raises ValueError for an edge given twice, or from an
    image to itself.
    """
    ids, sources, targets = _ranks(source_ids, target_ids, np.asarray(images, dtype=np.int64))
    weights = distances.astype(np.float32)
    told = np.zeros(len(weights), dtype=np.uint8) if kinds is None else kinds.astype(np.uint8)
    by_rank = adjacency(len(ids), sources, targets, weights, told)
    _check_simple(by_rank[0], by_rank[1], loops=bool((sources == targets).any()))
    order = _near_together(*by_rank[:3])
    rows = np.empty(len(ids), dtype=np.int64)
    rows[order] = np.arange(len(ids))
    sources, targets = (rows[ends].astype(np.int32) for ends in (sources, targets))
    arrays = adjacency(len(ids), sources, targets, weights, told)
    ascending = np.argsort(weights)
    forest = spanning_forest(len(ids), sources, targets, weights, ascending)
    return PathGraph(ids[order], rows, *arrays, *forest, _quantiles(weights, ascending))


def _quantiles(weights: NDArray[np.float32], ascending: NDArray[np.int64]) -> NDArray[np.float32]:
    places = np.linspace(0, len(weights) - 1, _QUANTILES).round().astype(np.int64)
    return weights[ascending[places if len(weights) else []]]


def _check_simple(indptr: NDArray[np.int64], indices: NDArray[np.int32], *, loops: bool) -> None:
    begins = np.zeros(len(indices) + 1, dtype=np.bool_)
    begins[indptr] = True  # where a row begins, its first column may equal the last of the row before
    if loops or ((indices[1:] == indices[:-1]) & ~begins[1:-1]).any():
        raise ValueError("an edge was given twice, or from an image to itself")


def _near_together(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], weights: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Order rows (n,) so that neighbours come close: E. Cuthill and J. McKee (1969), reversed."""
    if len(indptr) == 1:
        return np.empty(0, dtype=np.int64)
    shape = len(indptr) - 1, len(indptr) - 1
    matrix = csr_array((weights, indices, indptr.astype(np.int32)), shape=shape)
    order = reverse_cuthill_mckee(matrix, symmetric_mode=True)
    return order.astype(np.int64)


def _ranks(
    source_ids: NDArray[np.integer], target_ids: NDArray[np.integer], images: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Rank images by their ids: give the ids (n,), ascending, and the ranks (m,) of both ends of each edge."""
    given = [np.asarray(ids, dtype=np.int64) for ids in (source_ids, target_ids, images)]
    filled = [ids for ids in given if len(ids)]
    first = min((int(ids.min()) for ids in filled), default=0)
    width = max((int(ids.max()) for ids in filled), default=-1) - first + 1
    if width > _SPARSE * (sum(map(len, given)) + 1):
        ids = np.unique(np.concatenate(given))
        sources, targets = (np.searchsorted(ids, ends).astype(np.int32) for ends in given[:2])
        return ids, sources, targets
    present = np.zeros(width, dtype=np.bool_)
    for ends in given:
        present[ends - first] = True
    ranks = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(present) + first, ranks[given[0] - first], ranks[given[1] - first]


def count_components(graph: PathGraph) -> int:
    """Count the connected components: one, where every pair of images has a path."""
    return int(np.isinf(graph.link).sum())
