"""Is a result alike: does it share a label with the query? The probability, from their angle and the other results.

How many others of the nearest bear the result's label is the vote of nearest neighbours: Cover and Hart, "Nearest
Neighbor Pattern Classification" (1967). Calibrated on the neighbours of members, whose labels are known; for a label
that few bear there is none. Knows no database.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.confidence.logistic import Logistic, fit_logistic

__all__ = ["NEAREST", "agreeing", "alike", "fit_alike"]

NEAREST: Final = 24
"""The nearest of a collection, whose labels are counted."""
_FEWEST: Final = 50
"""Pairs of each kind, sharing and not, below which a curve would be a guess."""


def agreeing(found: NDArray[np.int64], near: NDArray[np.int64], within: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give, for results with these labels, (n,), the share of the others of the nearest, (m,), that bear the same.

    Labels are codes, -1 for none, which counts for nothing. within: whether a result is one of the nearest.
    """
    known, own = near >= 0, within & (found >= 0)
    same = ((found[:, None] == near) & known).sum(axis=1) - own
    return np.asarray(same / np.maximum(1, known.sum() - own))


def fit_alike(angles: NDArray[np.floating], asked: NDArray[np.int64], found: NDArray[np.int64]) -> Logistic | None:
    """Calibrate on m neighbourhoods: the nearest others of members, at these angles, (m, k) in radians.

    asked, found: the labels of the members, (m,), and of what each found, (m, k), as codes, -1 for none. None where too
    few pairs share the label, or too few do not.
    """
    shares = np.array([agreeing(row, row, row >= 0) for row in found]).reshape(found.shape)
    known, sharing = (asked[:, None] >= 0) & (found >= 0), asked[:, None] == found
    evidence = _evidence(angles, shares)
    positive, negative = evidence[known & sharing], evidence[known & ~sharing]
    if min(len(positive), len(negative)) < _FEWEST:
        return None
    return fit_logistic(positive, negative, balanced=False)


def alike(fitted: Logistic, angles: NDArray[np.floating], shares: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the probability that each of n results shares the label: of their angles, (n,) in radians, and agreeing."""
    return fitted.probability(_evidence(angles, shares))


def _evidence(angles: NDArray[np.floating], shares: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.stack([-np.asarray(angles, dtype=np.float64), np.asarray(shares)], axis=-1)
