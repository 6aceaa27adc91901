"""Is this very work in the collection? The probability, from how far a query and a member agree on one view.

Calibrated on the collection itself: members that came back changed are what is so; the likest of the other members,
checked against the same query, is what is not so. Knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from enfilade.confidence.agreement import Agreement
from enfilade.confidence.augmentations import AUGMENTATIONS
from enfilade.confidence.logistic import Logistic, fit_logistic

__all__ = ["WORTH_MOVING", "Rehearsal", "best_of", "fit_same_work", "order_candidates", "rehearsals", "same_work"]

WORTH_MOVING: Final = 0.5
_BY_CHANCE: Final = 10
"""Matches that any two pictures come to, so that 5 of 5 are no full agreement."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A query to calibrate on: a member, by its number, changed in a way of augmentations, with a seed."""

    member: int
    kind: str
    seed: int


def rehearsals(members: int, most: int, seed: int) -> list[Rehearsal]:
    """Choose at most so many members by chance, and give them the kinds of augmentation in turn."""
    chosen = Generator(PCG64(seed)).permutation(members)[:most].tolist()
    kinds = list(AUGMENTATIONS)
    return [Rehearsal(member, kinds[turn % len(kinds)], seed + turn) for turn, member in enumerate(chosen)]


def best_of(agreements: Sequence[Agreement]) -> Agreement:
    """Give the one with most inliers, the first among equals; none at all where there are no candidates."""
    return max(agreements, key=lambda one: one.inliers, default=Agreement(0, 0))


def fit_same_work(own: Sequence[Agreement], others: Sequence[Agreement]) -> Logistic:
    """Calibrate on rehearsals: what each agreed with its own member, and with the best of the other candidates.

    own: of those rehearsals whose member was among the candidates. Either case counts the same: the probability is
    that before which a work is as likely to be in the collection as not. Members shown twice in the collection, and
    sheets that share a part, are among the others: hence contaminated. Raises ValueError where either is empty.
    """
    return fit_logistic(_evidence(own), _evidence(others), contaminated=True)


def same_work(fitted: Logistic, agreements: Sequence[Agreement]) -> NDArray[np.float64]:
    """Give the probability, for each of n candidates, (n,), that it shows the query's very work."""
    return fitted.probability(_evidence(agreements))


def order_candidates(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order candidates, given in the order of their likeness: probable matches first, the rest as they were.

    A few inliers come about by chance, so that they say nothing of who is more alike.
    """
    worth = np.where(probabilities >= WORTH_MOVING, probabilities, 0.0)
    return np.argsort(-worth, kind="stable")


def _evidence(agreements: Sequence[Agreement]) -> NDArray[np.float64]:
    """Tell of each agreement, (n, 2): the logarithm of its inliers, and their share of the matches.

    The share tells a small detail, all of whose few matches agree, from paper or canvas that two works have in common,
    which agrees while all else does not. The likeness of the two pictures was tried beside them, and added nothing.
    """
    inliers, matches = (np.array([getattr(one, name) for one in agreements], float) for name in ("inliers", "matches"))
    return np.stack([np.log1p(inliers), inliers / (matches + _BY_CHANCE)], axis=1)
