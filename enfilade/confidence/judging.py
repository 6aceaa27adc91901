"""Judge a picture by its evidence: is this very work in the collection, is it of the collection's kind. Pure."""

from dataclasses import dataclass

import numpy as np

from enfilade.confidence.agreement import Agreement
from enfilade.confidence.calibration import CalibrationParameters
from enfilade.confidence.kind import kind
from enfilade.confidence.same_work import WORTH_MOVING, order_candidates, same_work
from enfilade.confidence.verdict import UNSURE, Verdict

__all__ = ["Evidence", "Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The images nearest to a picture, each with how far it agrees with the picture on one view.

    likeness: the picture's to the collection, the mean cosine of raw features to the ten nearest of them.
    """

    candidates: tuple[int, ...]
    agreements: tuple[Agreement, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a search comes to. same_work: for each candidate, the probability that it shows this very work.

    first: candidates that probably do, the most probable first, or the one that may; they come before all others.
    """

    verdict: Verdict
    same_work: dict[int, float]
    first: tuple[int, ...]


def judge(parameters: CalibrationParameters, evidence: Evidence) -> Judgement:
    """Judge by what was calibrated on the collection."""
    of_a_kind = float(kind(parameters.kind, np.array([evidence.likeness]))[0])
    if not evidence.candidates:
        return Judgement(Verdict(0.0, of_a_kind), {}, ())
    probabilities = same_work(parameters.same_work, evidence.agreements)
    best = int(probabilities.argmax())
    probable = [int(one) for one in order_candidates(probabilities) if probabilities[one] >= WORTH_MOVING]
    first = [evidence.candidates[one] for one in probable or [best] if probabilities[one] >= UNSURE]
    told = dict(zip(evidence.candidates, probabilities.tolist(), strict=True))
    verdict = Verdict(float(probabilities[best]), of_a_kind, next(iter(first), None))
    return Judgement(verdict, told, tuple(first))
