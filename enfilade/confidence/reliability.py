"""Do probabilities keep their word? Bins for a reliability plot, and the expected calibration error.

Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (2015), with bins of
equal width. Knows no pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Reliability", "ReliabilityBin", "reliability"]

_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """How many probabilities fell between two bounds, their mean, and how often what they spoke of was so."""

    low: float
    high: float
    count: int
    mean: float
    frequency: float

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {name: getattr(self, name) for name in ("low", "high", "count", "mean", "frequency")}


@dataclass(frozen=True, slots=True)
class Reliability:
    """The bins that anything fell into."""

    bins: Sequence[ReliabilityBin]

    @property
    def count(self) -> int:
        """How many probabilities there are."""
        return sum(one.count for one in self.bins)

    @property
    def expected_calibration_error(self) -> float:
        """How far, on average over all probabilities, a bin's mean lies from its frequency; nought without any."""
        return sum(one.count * abs(one.mean - one.frequency) for one in self.bins) / max(1, self.count)


def reliability(probabilities: NDArray[np.floating], outcomes: NDArray[np.bool_]) -> Reliability:
    """Sort probabilities, (n,), and whether what each spoke of was so, (n,), into ten bins of equal width."""
    number = np.minimum((np.asarray(probabilities) * _BINS).astype(np.int64), _BINS - 1)
    bins = []
    for one in np.unique(number).tolist():
        within = number == one
        mean, frequency = float(probabilities[within].mean()), float(outcomes[within].mean())
        bins.append(ReliabilityBin(one / _BINS, (one + 1) / _BINS, int(within.sum()), mean, frequency))
    return Reliability(tuple(bins))
