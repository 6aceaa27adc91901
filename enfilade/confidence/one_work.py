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

_UNCALIBRATED: Final = Logistic((4.0, 14.0), -18.5)
"""The curve where a collection has none of its own: laid, by hand, beyond faces drawn by one template, which agree more
than any two works of 60 painters, and short of second reproductions (docs/confidence.md)."""
_RARE: Final = 0.05
"""How many images have another of their work, as a guess: the curves hold either case for as likely."""
_MANY: Final = 0.28
"""The share of a picture's keypoints up to which it says nothing that they agree: faces by one template come to .27."""
_WEIGHT: Final = 30.0


def are_one_work(
    agreements: Sequence[Agreement], keypoints: NDArray[np.integer], fitted: Logistic | None
) -> NDArray[np.float64]:
    """Give the probability, for each of n pairs, (n,), that both show one work.

    keypoints: (n,), of that picture of the pair that has fewer. A plain picture has few that could agree: where nearly
    all of them do, that counts as many would. fitted: the curve of same_work, where one was calibrated.
    """
    balanced = same_work(fitted or _UNCALIBRATED, agreements)
    within = np.clip(balanced, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
    agreeing = np.array([one.inliers for one in agreements]) / np.maximum(keypoints, 1)
    return np.asarray(expit(logit(within) + logit(_RARE) + _WEIGHT * np.maximum(agreeing - _MANY, 0)))
