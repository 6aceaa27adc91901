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
    neighbours: NDArray[np.int64],
    angles: NDArray[np.floating],
    codes: NDArray[np.int64],
    groups: NDArray[np.int64] | None = None,
) -> Logistic | None:
    """Calibrate on the nearest others of n members: their numbers and angles, (n, k) each, in radians.

    codes and groups: (n,), as enfilade.evaluation.retrieval.label_codes gives them, -1 for none. Pairs of one group
    are left out, such as the artist where the label is the style: a stranger's picture has no neighbour by its own
    artist, and members do. None where too few pairs share the label, or too few do not.
    """
    known = (codes[:, None] >= 0) & (codes[neighbours] >= 0)
    if groups is not None:
        known &= (groups[:, None] >= 0) & (groups[neighbours] >= 0) & (groups[:, None] != groups[neighbours])
    sharing = codes[:, None] == codes[neighbours]
    positive, negative = angles[known & sharing], angles[known & ~sharing]
    if min(len(positive), len(negative)) < _FEWEST:
        return None
    return fit_logistic(-positive.reshape(-1, 1), -negative.reshape(-1, 1), balanced=False)


def alike(fitted: Logistic, angles: NDArray[np.floating]) -> NDArray[np.float64]:
    """Give the probability, for results at these angles, (n,) in radians, that each shares the label: (n,)."""
    return fitted.probability(-np.asarray(angles).reshape(-1, 1))
