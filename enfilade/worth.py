"""What the results of a search are worth: is each alike, does it show this very work? Knows no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.confidence import CalibrationParameters, Judgement
from enfilade.confidence.alike import agreeing, alike

__all__ = ["Worth", "alike_by_label", "weigh"]

ALIKE_BY: Final = ("style", "genre")
"""What confidence in a result is about: the first of these labels that the collection has enough of, and the result."""
Labels = Mapping[str, Mapping[int, str | None]]
"""A label -> an image's id -> what it bears."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a result is worth. confidence: that it is alike, None where nothing tells; alike: the same by label.

    same_work: that it shows this very work, None where it was not checked.
    """

    confidence: float | None = None
    alike: Mapping[str, float] | None = None
    same_work: float | None = None


def weigh(
    parameters: CalibrationParameters,
    judgement: Judgement,
    near: Sequence[int],
    found: Mapping[int, float],
    labels: Labels,
) -> list[Worth]:
    """Say what each result is worth: found are their angles, by the image's id; near the nearest of the collection."""
    by_label = alike_by_label(parameters, judgement.verdict.kind, near, found, labels)
    told = [{label: some[one] for label, some in by_label.items() if one in some} for one in found]
    return [
        Worth(next((one[label] for label in ALIKE_BY if label in one), None), one, judgement.same_work.get(image_id))
        for image_id, one in zip(found, told, strict=True)
    ]


def alike_by_label(
    parameters: CalibrationParameters, of_a_kind: float, near: Sequence[int], found: Mapping[int, float], labels: Labels
) -> dict[str, dict[int, float]]:
    """Say how probable it is that a picture shares each label with each result that bears one.

    of_a_kind: the probability that it is of the collection's kind; what is not shares nothing, however near it lies.
    """
    told = {}
    within, angles = np.isin(list(found), near), np.array(list(found.values()))
    for label, curve in parameters.alike.items():
        if curve is not None:
            numbers: dict[str | None, int] = {None: -1}
            theirs, others = (_codes(ids, labels[label], numbers) for ids in (found, near))
            probabilities = of_a_kind * alike(curve, angles, agreeing(theirs, others, within))
            told[label] = {one: round(float(probabilities[at]), 4) for at, one in enumerate(found) if theirs[at] >= 0}
    return told


def _codes(ids: Iterable[int], labels: Mapping[int, str | None], numbers: dict[str | None, int]) -> NDArray[np.int64]:
    codes = [numbers.setdefault(labels.get(one), len(numbers)) for one in ids]
    return np.array(codes, dtype=np.int64)
