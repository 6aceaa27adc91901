"""Rescale likenesses so that no image is everybody's neighbour. Knows no database and no pictures.

Every function works through blocks of the whole matrix of likenesses, so it costs the square of the images' number.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

__all__ = ["RESCALINGS", "Score", "cross_domain_scaling", "mutual_proximity", "nearest_under"]

_CELLS = 4_000_000  # of a block: 32 MB of float64

Score = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.float64]]
"""From rows (m,) and their cosines to all images, (m, n), to rescaled likenesses, (m, n); more is nearer."""


def mutual_proximity(vectors: NDArray[np.float32]) -> Score:
    """Take as likeness the chance that a third image is further from both, angles taken as normal and independent.

    Schnitzer, Flexer, Schedl and Widmer, "Local and Global Scaling Reduce Hubs in Space" (2012), section 3.2.
    vectors: (n, d), rows of unit length; n > 1.
    """
    means, deviations = np.empty((2, len(vectors)))
    for rows, cosines in _blocks(vectors):
        angles = _angles(cosines)
        angles[np.arange(len(rows)), rows] = np.nan
        means[rows], deviations[rows] = np.nanmean(angles, axis=1), np.nanstd(angles, axis=1)
    deviations = np.where(deviations > 0, deviations, 1)

    def score(rows: NDArray[np.int64], cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        angles = _angles(cosines)
        from_row = (angles - means[rows, None]) / deviations[rows, None]
        from_other = (angles - means) / deviations
        # The logarithm, since the chance itself is 1 to every digit for whatever is really near.
        chances: NDArray[np.float64] = log_ndtr(-from_row) + log_ndtr(-from_other)
        return chances

    return score


def cross_domain_scaling(vectors: NDArray[np.float32], k: int = 10) -> Score:
    """Take as likeness twice the cosine, less the mean cosine of each of the two to its k nearest: CSLS.

    Conneau, Lample, Ranzato, Denoyer and Jégou, "Word Translation Without Parallel Data" (2018), section 2.3, here
    within one set.
    vectors: (n, d), rows of unit length; n > k.
    """
    means = np.empty(len(vectors))
    for rows, cosines in _blocks(vectors):
        cosines[np.arange(len(rows)), rows] = -np.inf
        means[rows] = np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1)
    return lambda rows, cosines: 2 * cosines - means[rows, None] - means


RESCALINGS: Mapping[str, Callable[[NDArray[np.float32]], Score]] = {
    "mutual_proximity": mutual_proximity,
    "csls": cross_domain_scaling,
}


def nearest_under(vectors: NDArray[np.float32], score: Score, k: int, members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find each member's k nearest other members under a score, as positions among members, (m, k), nearest first.

    vectors: (n, d), those the score was made for. Equal likenesses break by index within the k.
    """
    found = np.empty((len(members), min(k, len(members) - 1)), dtype=np.int64)
    for rows, cosines in _blocks(vectors, members):
        likeness = score(members[rows], cosines)[:, members]
        likeness[np.arange(len(rows)), rows] = -np.inf
        found[rows] = _first(likeness, found.shape[1])
    return found


def _first(likeness: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    candidates = np.sort(np.argpartition(-likeness, k - 1, axis=1)[:, :k], axis=1)
    order = np.argsort(-np.take_along_axis(likeness, candidates, axis=1), axis=1, kind="stable")
    return np.take_along_axis(candidates, order, axis=1)


def _blocks(
    vectors: NDArray[np.float32], members: NDArray[np.int64] | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Yield the cosines of some of the members, by position, to all images."""
    everything = vectors.astype(np.float64)
    asking = everything if members is None else everything[members]
    step = max(1, _CELLS // len(vectors))
    for start in range(0, len(asking), step):
        rows = np.arange(start, min(start + step, len(asking)))
        yield rows, asking[rows] @ everything.T


def _angles(cosines: NDArray[np.float64]) -> NDArray[np.float64]:
    angles: NDArray[np.float64] = np.arccos(np.clip(cosines, -1, 1))
    return angles
