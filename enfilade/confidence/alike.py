"""Is a result alike, which is to say, does it share a label with the query? The probability, from their angle.

Calibrated on the neighbours of members, whose labels are known; for a label that few bear there is none. Knows no
database.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.confidence.logistic import Logistic, fit_logistic

__all__ = ["alike", "fit_alike"]

_FEWEST: Final = 50
"""Pairs of each kind, sharing and not, below which a curve would be a guess."""


def fit_alike(
    angles: NDArray[np.floating],
    asked: NDArray[np.int64],
    found: NDArray[np.int64],
    groups: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> Logistic | None:
    """Calibrate on the nearest others of m members, at these angles, (m, k) in radians.

    asked, found: the labels of the members, (m,), and of what each found, (m, k), as codes, -1 for none. groups: the
    same of what a pair must not share, such as the artist where the label is the style: a stranger's picture has no
    neighbour by its own artist, and members do. None where too few pairs share the label, or too few do not.
    """
    known = (asked[:, None] >= 0) & (found >= 0)
    if groups is not None:
        mine, theirs = groups[0][:, None], groups[1]
        known &= (mine >= 0) & (theirs >= 0) & (mine != theirs)
    sharing = asked[:, None] == found
    positive, negative = angles[known & sharing], angles[known & ~sharing]
    if min(len(positive), len(negative)) < _FEWEST:
        return None
    return fit_logistic(-positive.reshape(-1, 1), -negative.reshape(-1, 1), balanced=False)


def alike(fitted: Logistic, angles: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the probability, for results at these angles, (n,) in radians, that each shares the label: (n,)."""
    return fitted.probability(-np.asarray(angles).reshape(-1, 1))
