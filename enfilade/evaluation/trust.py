"""Whether confidence keeps its word: on works of the collection, on others of its kind, on strangers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from enfilade.confidence import Verdict
from enfilade.confidence.reliability import Reliability, reliability

__all__ = ["Trial", "measure_trust"]

TOP = 5
Trials = Sequence["Trial"]


@dataclass(frozen=True, slots=True)
class Trial:
    """A picture that was asked for, and what was said.

    rank: the place among the results of the image that it should be found as, the first 1; 0 where it was not found.
    known: whether there is such an image. alike: for each label, each result's probability, and whether it was so.
    """

    verdict: Verdict
    rank: int = 0
    known: bool = False
    alike: Mapping[str, Sequence[tuple[float, bool]]] = field(default_factory=dict)

    @property
    def matched(self) -> bool:
        """Whether the verdict is that this very work is there."""
        return self.verdict.verdict == "match"


def measure_trust(members: Trials, unseen: Mapping[str, Trials], strangers: Mapping[str, Trials]) -> dict[str, Any]:
    """Sum up, as JSON has it.

    match_recall: the share of members whose verdict is a match, on the right work. false_match_rate: of others whose
    verdict is one. auroc: how well a set's strangers are told from the unseen by the probability to be of the kind.
    calibration_error: the expected one (enfilade.confidence.reliability), where what is so and what is not count the
    same. unknown: members that name no image of the collection, and are left out.
    """
    there = [one for one in members if one.known]
    others = [one for several in unseen.values() for one in several]
    foreign = [one for several in strangers.values() for one in several]
    kin = _kinds(others or there)
    curves = _reliabilities(there, others, foreign)
    return {
        "members": len(there),
        "unknown": len(members) - len(there),
        "recall_at_1": _share([one.rank == 1 for one in there]),
        "recall_at_5": _share([0 < one.rank <= TOP for one in there]),
        "match_recall": _share([one.matched and one.rank == 1 for one in there]),
        "unseen": {name: _told(several) for name, several in unseen.items()},
        "strangers": {
            name: {**_told(several), "auroc": _auroc(kin, _kinds(several))} for name, several in strangers.items()
        },
        "calibration_error": {name: round(one.expected_calibration_error, 4) for name, one in curves.items()},
        "reliability": {name: [each.as_dict() for each in one.bins] for name, one in curves.items()},
    }


def _told(trials: Trials) -> dict[str, Any]:
    return {"pictures": len(trials), "false_match_rate": _share([one.matched for one in trials])}


def _reliabilities(there: Trials, others: Trials, foreign: Trials) -> dict[str, Reliability]:
    apart = [one.verdict.same_work for one in (*others, *foreign)]
    sure = np.array([one.verdict.same_work for one in there])
    # A member is there, even where it was said not to be; only another work that is said to be it, is not.
    right = np.array([one.rank == 1 or one.verdict.verdict == "none" for one in there], dtype=np.bool_)
    found = {
        "same_work": _balanced(sure, right, np.array(apart)),
        "kind": _balanced(_kinds(others), np.ones(len(others), dtype=np.bool_), _kinds(foreign)),
    }
    pairs: dict[str, list[tuple[float, bool]]] = {}
    for one in others:
        for label, told in one.alike.items():
            pairs.setdefault(f"alike: {label}", []).extend(told)
    for name, told in pairs.items():
        probabilities, outcomes = zip(*told, strict=True)
        found[name] = reliability(np.array(probabilities), np.array(outcomes))
    return {name: one for name, one in found.items() if one.count}


def _balanced(so: NDArray[np.float64], right: NDArray[np.bool_], apart: NDArray[np.float64]) -> Reliability:
    """Judge probabilities of what is so, (n,), with whether the right thing was meant, and of what is not, (m,).

    The fewer of the two are repeated evenly, so that either kind counts the same.
    """
    if not (len(so) and len(apart)):
        return reliability(np.empty(0), np.empty(0, dtype=np.bool_))
    count = max(len(so), len(apart))
    here, there = _evenly(np.argsort(so, kind="stable"), count), _evenly(np.argsort(apart, kind="stable"), count)
    outcomes = np.concatenate([right[here], np.zeros(count, dtype=np.bool_)])
    return reliability(np.concatenate([so[here], apart[there]]), outcomes)


def _evenly(order: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return order[np.arange(count) * len(order) // count]


def _kinds(trials: Trials) -> NDArray[np.float64]:
    return np.array([one.verdict.kind for one in trials], dtype=np.float64)


def _share(told: Sequence[bool]) -> float | None:
    return round(float(np.mean(told)), 4) if len(told) else None


def _auroc(kin: NDArray[np.float64], foreign: NDArray[np.float64]) -> float | None:
    """Give the chance that one of the kin is more probably of the kind than a stranger (H. B. Mann, D. R. Whitney)."""
    if not (len(kin) and len(foreign)):
        return None
    ranks = rankdata(np.concatenate([kin, foreign]))
    above = ranks[: len(kin)].sum() - len(kin) * (len(kin) + 1) / 2
    return round(float(above / (len(kin) * len(foreign))), 4)
