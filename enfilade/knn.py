"""Build a kNN graph and its undirected edges from embeddings. Knows no database and no pictures."""

from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from enfilade.edges import EdgeKind, Edges
from enfilade.errors import TooFewImagesError

__all__ = [
    "SIMILARITY_SLACK",
    "KnnGraph",
    "angles_between",
    "angles_of_pairs",
    "check_unit_rows",
    "edges_of",
    "knn_graph",
]

# Two float32 inner products of unit rows closer than this may be in the wrong order: each was off by up to
# 1.1e-6, measured against float64 at d = 64 to 2048.
SIMILARITY_SLACK = 4e-6

_SPARE = 10  # candidates beyond k, so that most rows know their last neighbour from the next
_WIDER = 16  # how many times more candidates a row asks for when it does not
_ROWS = 1024  # rows refined at a time
_PAIRS = 65_536  # pairs measured at a time: 67 MB a float64 operand at d = 128


@dataclass(frozen=True, slots=True, eq=False)
class KnnGraph:
    """The k nearest others of each row, nearest first: neighbours (n, k), angles (n, k) in radians."""

    neighbours: NDArray[np.int64]
    angles: NDArray[np.float32]


def check_unit_rows(embeddings: NDArray[np.float32]) -> None:
    """Raise ValueError unless every row of embeddings, (n, d), is of unit length (so also: finite)."""
    if not np.allclose(np.vecdot(embeddings, embeddings), 1.0, rtol=0, atol=1e-3):
        raise ValueError("embeddings must have rows of unit length")


def angles_between(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Measure the angles in radians, (n,), between the unit rows of a and b, both (n, d).

    By 2 atan2(|a - b|, |a + b|): W. Kahan, "How Futile are Mindless Assessments of Roundoff in Floating-Point
    Computation?" (2006), section 12. Good for small angles too, where an inner product loses its digits.
    """
    x, y = a.astype(np.float64), b.astype(np.float64)
    apart, along = x - y, x + y
    angles: NDArray[np.float64] = 2 * np.arctan2(_lengths(apart), _lengths(along))
    return angles


def angles_of_pairs(
    embeddings: NDArray[np.float32], source: NDArray[np.integer], target: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Measure the angles in radians, (m,), between rows source and target, both (m,), of embeddings.

    Rounded to the float32 an edge keeps, so that an order by angle is an order by the stored distance.
    """
    angles = np.empty(len(source), dtype=np.float32)
    for start in range(0, len(source), _PAIRS):
        pairs = slice(start, start + _PAIRS)
        angles[pairs] = angles_between(embeddings[source[pairs]], embeddings[target[pairs]])
    return angles


def knn_graph(embeddings: NDArray[np.float32], k: int) -> KnnGraph:
    """Connect each embedding to its k nearest others by angular distance, exactly.

    embeddings: (n, d), rows of unit length. Returns neighbours (n, k) and angles (n, k) in radians, self
    excluded even among exact duplicates, sorted by (angle, index). Where more than some 16 (k + 11) others
    are equally far, which of them are taken is faiss's choice. Raises TooFewImagesError when n <= k,
    ValueError for rows of other lengths.
    """
    n = len(embeddings)
    if n <= k:
        raise TooFewImagesError(f"{n} images are too few for {k} neighbours each.")
    check_unit_rows(embeddings)
    index = faiss.IndexFlatIP(embeddings.shape[1])
    index.add(np.ascontiguousarray(embeddings, dtype=np.float32))
    graph = KnnGraph(np.empty((n, k), dtype=np.int64), np.empty((n, k), dtype=np.float32))
    for start in range(0, n if k else 0, _ROWS):
        rows = np.arange(start, min(start + _ROWS, n))
        graph.neighbours[rows], graph.angles[rows] = _nearest(index, embeddings, rows, k)
    return graph


def edges_of(graph: KnnGraph) -> Edges:
    """Take the union of both directions: an edge wherever either end has the other among its neighbours."""
    n, k = graph.neighbours.shape
    row = np.repeat(np.arange(n), k)
    rank = np.tile(np.arange(1, k + 1, dtype=np.int16), n)
    neighbour = graph.neighbours.ravel()
    pairs = np.minimum(row, neighbour) * n + np.maximum(row, neighbour)
    unique, first, edge = np.unique(pairs, return_index=True, return_inverse=True)
    source, target = unique // n, unique % n
    ranks = np.zeros((2, len(unique)), dtype=np.int16)
    ranks[(row > neighbour).astype(np.int8), edge] = rank
    return Edges(
        source=source,
        target=target,
        distance=graph.angles.ravel()[first],
        kind=np.where(ranks.all(axis=0), EdgeKind.MUTUAL, EdgeKind.KNN).astype(np.int8),
        source_rank=ranks[0],
        target_rank=ranks[1],
    )


def _lengths(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt(np.vecdot(rows, rows))
    return lengths


def _nearest(
    index: faiss.IndexFlatIP, embeddings: NDArray[np.float32], rows: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Find neighbours and angles, (m, k) each, of some rows; where the last is in doubt, ask again, wider."""
    width = min(len(embeddings), k + 1 + _SPARE)
    similarities, candidates = index.search(embeddings[rows], width)
    neighbours, angles = _refine(embeddings, rows, candidates, k)
    unsure = similarities[:, k] - similarities[:, -1] < SIMILARITY_SLACK
    if width < len(embeddings) and unsure.any():
        _, candidates = index.search(embeddings[rows[unsure]], min(len(embeddings), _WIDER * width))
        neighbours[unsure], angles[unsure] = _refine(embeddings, rows[unsure], candidates, k)
    return neighbours, angles


def _refine(
    embeddings: NDArray[np.float32], rows: NDArray[np.int64], candidates: NDArray[np.int64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Keep the first k of each row's candidates, (m, width), by (angle, index), less the row itself."""
    angles = angles_of_pairs(embeddings, np.repeat(rows, candidates.shape[1]), candidates.ravel())
    angles = angles.reshape(candidates.shape)
    angles[candidates == rows[:, None]] = np.inf
    first = np.lexsort((candidates, angles), axis=1)[:, :k]
    return np.take_along_axis(candidates, first, axis=1), np.take_along_axis(angles, first, axis=1)
