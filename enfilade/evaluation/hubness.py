"""Measure whether some images are everybody's neighbours and others nobody's. Knows no database and no pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.evaluation.rescaling import RESCALINGS, Score, nearest_under
from enfilade.evaluation.retrieval import Nearest, retrieve

__all__ = ["Hubness", "RescaledHubness", "hubness_of", "rescaled_hubness"]

_K = 10
_BINS = 4 * _K + 1  # the last one holds all that are neighbours of more


@dataclass(frozen=True, slots=True)
class Hubness:
    """In how many lists of the k nearest each image is.

    skew: of those numbers, the third standardised moment: Radovanović, Nanopoulos and Ivanović, "Hubs in Space" (2010);
    0 is even. orphans: the share of images that are in none. most: of the greatest hub. in_degrees: how many images
    are in 0, 1, ... lists, the last entry for all beyond.
    """

    k: int
    skew: float
    orphans: float
    most: int
    in_degrees: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "k": self.k,
            "skew": self.skew,
            "orphans": self.orphans,
            "most": self.most,
            "in_degrees": list(self.in_degrees),
        }


@dataclass(frozen=True, slots=True)
class RescaledHubness:
    """Hubness under one rescaling ("none" among them), and what it does to mAP@10 by label."""

    hubness: Hubness
    map_at_10: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        figures = self.hubness.as_dict()
        del figures["in_degrees"]
        return figures | {"map_at_10": dict(self.map_at_10)}


def hubness_of(neighbours: NDArray[np.int64]) -> Hubness:
    """Measure neighbours, (n, k): at most the first ten columns of them."""
    n, k = len(neighbours), min(neighbours.shape[1], _K)
    times = np.bincount(neighbours[:, :k].ravel(), minlength=n)
    spread = times.std()
    return Hubness(
        k=k,
        skew=float(((times - times.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0,
        orphans=float((times == 0).mean()),
        most=int(times.max()),
        in_degrees=tuple(np.bincount(np.minimum(times, _BINS - 1), minlength=_BINS).tolist()),
    )


def rescaled_hubness(
    vectors: NDArray[np.float32], codes: Mapping[str, NDArray[np.int64]]
) -> dict[str, RescaledHubness]:
    """Measure vectors, (n, d), rows of unit length, as they are ("none") and under each rescaling.

    codes: (n,) of label_codes for each label. Costs time by the square of n. Empty where n is at most 10, since a
    rescaling looks at ten others.
    """
    if len(vectors) <= _K:
        return {}
    scores: dict[str, Score] = {"none": lambda _, cosines: cosines}
    scores |= {name: rescale(vectors) for name, rescale in RESCALINGS.items()}
    return {name: _measure(_searcher(vectors, score), len(vectors), codes) for name, score in scores.items()}


def _searcher(vectors: NDArray[np.float32], score: Score) -> Callable[[NDArray[np.int64]], NDArray[np.int64]]:
    return lambda members: nearest_under(vectors, score, _K, members)


def _measure(nearest: Nearest, n: int, codes: Mapping[str, NDArray[np.int64]]) -> RescaledHubness:
    found = {label: retrieve(values, nearest).average_precision for label, values in codes.items()}
    return RescaledHubness(
        hubness_of(nearest(np.arange(n))),
        {label: float(precision.mean()) for label, precision in found.items() if len(precision)},
    )
