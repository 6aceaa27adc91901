"""Is this the kind of thing the collection holds? The probability, from the likeness to its ten nearest members.

Likeness is the cosine of raw features, neither centred nor projected: what centring takes away is what members have
in common, and strangers lack. Distances to nearest neighbours: Sun et al., "Out-of-Distribution Detection with Deep
Nearest Neighbors" (2022). Knows no database.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.confidence.logistic import Logistic, fit_logistic

__all__ = ["NEAREST", "fit_kind", "kind", "mean_of_nearest"]

NEAREST: Final = 10


def mean_of_nearest(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """Average the ten largest of each row, (q, n) -> (q,), or all where there are fewer; of none it is nought.

    The candidates of a search serve as well as the whole collection, as long as the ten nearest are among them.
    """
    if cosines.shape[1] > NEAREST:
        cosines = np.partition(cosines, -NEAREST, axis=1)[:, -NEAREST:]
    total = np.asarray(cosines.sum(axis=1), dtype=np.float64)
    return np.asarray(total / max(1, cosines.shape[1]))


def fit_kind(members: NDArray[np.float64], strangers: NDArray[np.float64]) -> Logistic:
    """Calibrate on the likeness of members to the others, (n,), and that of strangers of enfilade.confidence, (m,).

    Raises ValueError where either is empty.
    """
    return fit_logistic(members.reshape(-1, 1), strangers.reshape(-1, 1))


def kind(fitted: Logistic, found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the probability of each likeness, (q,) -> (q,), that the query is of the collection's kind."""
    return fitted.probability(found.reshape(-1, 1))
