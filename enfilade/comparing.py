"""Where two spaces agree about who is near whom, and where they differ most. Knows no database."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import TooFewImagesError
from enfilade.knn import knn_graph

__all__ = ["Comparison", "compare_places"]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two spaces over the same n images."""

    k: int
    shared: NDArray[np.float64]
    """(n,): the share of an image's k nearest in one space that are among its k nearest in the other."""

    @property
    def overlap(self) -> float:
        """The mean share, which by chance would be k / (n - 1)."""
        return float(self.shared.mean())

    def furthest_apart(self, count: int) -> NDArray[np.int64]:
        """Give the places of the images about which the spaces differ most, ties by their order."""
        return np.argsort(self.shared, kind="stable")[:count]


def compare_places(first: NDArray[np.float32], second: NDArray[np.float32], k: int = 10) -> Comparison:
    """Compare the places of the same images in two spaces, (n, d) and (n, e), rows of unit length.

    Raises TooFewImagesError where there are fewer than two.
    """
    if len(first) < 2:  # noqa: PLR2004 — one, and its neighbour
        raise TooFewImagesError(f"The two spaces have {len(first)} images in common, too few to compare them by.")
    k = min(k, len(first) - 1)
    ours, theirs = (knn_graph(places, k).neighbours for places in (first, second))
    shared = [len(np.intersect1d(a, b, assume_unique=True)) / k for a, b in zip(ours, theirs, strict=True)]
    return Comparison(k, np.array(shared))
