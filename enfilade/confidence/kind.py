"""Is this the kind of thing the collection holds? The probability, from the likeness to its ten nearest members.

Likeness is the cosine of raw features, neither centred nor projected: what centring takes away is what members have
in common, and strangers lack. Distances to nearest neighbours: Sun et al., "Out-of-Distribution Detection with Deep
Nearest Neighbors" (2022). Knows no database.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.confidence.logistic import Logistic, fit_logistic

__all__ = ["NEAREST", "fit_kind", "join_features", "kind", "likeness", "mean_of_nearest"]

NEAREST: Final = 10
_BLOCK: Final = 512


def join_features(features: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """Set features of several extractors, (n, d) each, side by side, all counting the same: (n, all d), unit rows."""
    units = [_unit(block.astype(np.float32)) for block in features]
    return _unit(np.concatenate(units, axis=1))


def mean_of_nearest(cosines: NDArray[np.floating]) -> NDArray[np.float64]:
    """Average the ten largest of each row, (q, n) -> (q,), or all where there are fewer; of none it is nought.

    The candidates of a search serve as well as the whole collection, as long as the ten nearest are among them.
    """
    if cosines.shape[1] > NEAREST:
        cosines = np.partition(cosines, -NEAREST, axis=1)[:, -NEAREST:]
    total = np.asarray(cosines.sum(axis=1), dtype=np.float64)
    return np.asarray(total / max(1, cosines.shape[1]))


def likeness(
    queries: NDArray[np.float32], members: NDArray[np.float32], own: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Say how like the collection queries are, (q, d) to (n, d), unit rows: (q,), cosines from -1 to 1.

    own: (q,), where queries are members, each one's number: nobody is his own neighbour.
    """
    found = [np.empty(0)]
    for start in range(0, len(queries), _BLOCK):
        cosines = queries[start : start + _BLOCK] @ members.T
        if own is not None:
            kept = np.ones(cosines.shape, dtype=bool)
            kept[np.arange(len(cosines)), own[start : start + _BLOCK]] = False
            cosines = cosines[kept].reshape(len(cosines), -1)
        found.append(mean_of_nearest(cosines))
    return np.concatenate(found)


def fit_kind(members: NDArray[np.float64], strangers: NDArray[np.float64]) -> Logistic:
    """Calibrate on the likeness of members to the others, (n,), and that of strangers of enfilade.confidence, (m,).

    Raises ValueError where either is empty.
    """
    return fit_logistic(members.reshape(-1, 1), strangers.reshape(-1, 1))


def kind(fitted: Logistic, found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the probability of each likeness, (q,) -> (q,), that the query is of the collection's kind."""
    return fitted.probability(found.reshape(-1, 1))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
