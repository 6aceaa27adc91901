"""Do two members of a collection show one work? As same_work asks it of a query, but warier. Knows no database."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from enfilade.confidence.agreement import Agreement
from enfilade.confidence.logistic import Logistic
from enfilade.confidence.same_work import same_work

__all__ = ["are_one_work"]

_UNCALIBRATED: Final = Logistic((2.0, 14.0), -8.5)
"""The curve where a collection has none of its own: laid between works of one hand and what comes back changed."""
_RARE: Final = 0.05
"""How many images have another of their work, as a guess: the curves hold either case for as likely."""


def are_one_work(agreements: Sequence[Agreement], fitted: Logistic | None) -> NDArray[np.float64]:
    """Give the probability, for each of n pairs, (n,), that both show one work.

    fitted: the curve of same_work, where one was calibrated on the collection.
    """
    balanced = same_work(fitted or _UNCALIBRATED, agreements)
    within = np.clip(balanced, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
    return np.asarray(expit(logit(within) + logit(_RARE)))
