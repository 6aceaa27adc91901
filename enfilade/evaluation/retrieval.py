"""Measure retrieval by label: average precision at 10 and P@1 of each query. Knows no database and no pictures.

Every labelled image is a query once; its gallery is the other images that have that label too (a value of it, not
the same one). An image without the label is neither: whether it would have been a hit, nobody knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from enfilade.knn import KnnGraph, knn_graph

__all__ = ["ExactNeighbours", "Nearest", "Retrieval", "label_codes", "retrieve"]

_DEPTH = 10
_SEARCHED = 15  # the most neighbours that any measure asks for

Nearest = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""From the indices of a gallery, (m,), to each one's nearest others in it, (m, k), as positions in the gallery."""


@dataclass(frozen=True, slots=True, eq=False)
class Retrieval:
    """What each query found: queries (q,), indices of images; average_precision (q,), at 10; hit (q,), P@1: 0 or 1."""

    queries: NDArray[np.int64]
    average_precision: NDArray[np.float64]
    hit: NDArray[np.float64]


class ExactNeighbours:
    """The nearest others of images, exactly, sorted by (angle, index). Searches each gallery once.

    vectors: (n, d), rows of unit length.
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors
        self._graphs: dict[bytes, KnnGraph] = {}

    def graph(self, members: NDArray[np.int64]) -> KnnGraph:
        """Find the 15 nearest others of each member, (m,), or all others where they are fewer, as positions."""
        key = members.tobytes()
        if key not in self._graphs:
            self._graphs[key] = knn_graph(self._vectors[members], min(_SEARCHED, len(members) - 1))
        return self._graphs[key]

    def __call__(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the neighbours alone."""
        return self.graph(members).neighbours


def label_codes(labels: Sequence[str | None]) -> NDArray[np.int64]:
    """Give the values of a label numbers, (n,), equal ones the same; -1 where there is none."""
    values = {value: code for code, value in enumerate(sorted({value for value in labels if value is not None}))}
    return np.array([-1 if value is None else values[value] for value in labels], dtype=np.int64)


def retrieve(codes: NDArray[np.int64], nearest: Nearest) -> Retrieval:
    """Measure each query whose gallery holds anything of its label.

    codes: (n,), of label_codes. Average precision is the sum of the precision at each hit among the first ten,
    divided by the lesser of ten and the number of relevant images. A query with nothing relevant is left out.
    """
    members = np.flatnonzero(codes >= 0)
    own = codes[members]
    relevant = np.bincount(own)[own] - 1 if len(own) else own
    if not relevant.any():
        return Retrieval(members[:0], np.zeros(0), np.zeros(0))
    hits = own[nearest(members)[:, :_DEPTH]] == own[:, None]
    precision = np.cumsum(hits, axis=1) / np.arange(1, hits.shape[1] + 1)
    asked = relevant > 0
    average = (hits * precision).sum(axis=1)[asked] / np.minimum(relevant[asked], _DEPTH)
    return Retrieval(members[asked], average, hits[asked, 0].astype(np.float64))
