"""Say how sure a figure is: percentile bootstrap intervals of 95 %. Knows no images and no labels.

The queries, or anchors, are drawn again with replacement while the gallery stays: an interval tells how much a figure
owes to which pictures were asked for, not to which were there to be found.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "estimate", "estimate_difference", "estimate_mean"]

_RESAMPLES = 1000
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and the interval that holds it in 95 % of resamples."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> list[float]:
        """The interval as JSON has it."""
        return [self.low, self.high]


def estimate(statistic: Callable[[NDArray[np.int64]], float], n: int, *, seed: int = 0) -> Estimate | None:
    """Take a statistic of n things, and its interval by B. Efron's bootstrap (1979), percentile method.

    statistic: from indices, (n,), to a figure; it is asked for all things once, then for each resample. The same
    seed and n draw the same resamples. None where there is nothing to draw from.
    """
    if n == 0:
        return None
    rng = np.random.default_rng(seed)
    drawn = [statistic(rng.integers(n, size=n)) for _ in range(_RESAMPLES)]
    low, high = np.percentile(drawn, _PERCENTILES)
    return Estimate(float(statistic(np.arange(n))), float(low), float(high))


def estimate_mean(values: NDArray[np.float64], *, seed: int = 0) -> Estimate | None:
    """Take the mean of values, (n,)."""
    return estimate(lambda drawn: values[drawn].mean(), len(values), seed=seed)


def estimate_difference(one: NDArray[np.float64], other: NDArray[np.float64], *, seed: int = 0) -> Estimate | None:
    """Take the mean of one less the mean of other, (n,) each, paired: both are of the same things in the same order.

    Raises ValueError where they can't be.
    """
    if one.shape != other.shape:
        raise ValueError("only figures of the same queries can be paired")
    return estimate_mean(one - other, seed=seed)
