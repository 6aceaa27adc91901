"""Say how good a space is, by each label. Knows no database and no pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import TooFewImagesError
from enfilade.evaluation.intervals import Estimate, estimate_difference, estimate_mean
from enfilade.evaluation.pairs import PairEvaluation, choose_pairs, evaluate_pairs
from enfilade.evaluation.retrieval import ExactNeighbours, Retrieval, label_codes, retrieve
from enfilade.evaluation.structure import Structure, measure_structure

__all__ = ["LabelEvaluation", "Labels", "SpaceEvaluation", "Versus", "differences", "evaluate_space"]

Labels = Mapping[str, Sequence[str | None]]
"""For each label its value for each image, or None."""


@dataclass(frozen=True, slots=True)
class Versus:
    """What mAP@10 gains over another space, paired by query."""

    space: str
    map_at_10: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {"space": self.space, "map_at_10": self.map_at_10.value, "interval": self.map_at_10.interval}


@dataclass(frozen=True, slots=True)
class LabelEvaluation:
    """How good a space is at one label; None where there is nothing to measure it by."""

    retrieval: Retrieval
    map_at_10: Estimate | None
    p_at_1: Estimate | None
    pairs: PairEvaluation | None
    versus: Versus | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it, without the queries."""
        return {
            "map_at_10": self.map_at_10 and self.map_at_10.value,
            "interval": self.map_at_10 and self.map_at_10.interval,
            "p_at_1": self.p_at_1 and self.p_at_1.value,
            "p_at_1_interval": self.p_at_1 and self.p_at_1.interval,
            "queries": len(self.retrieval.queries),
            "pairs": self.pairs and self.pairs.as_dict(),
            "versus": self.versus and self.versus.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class SpaceEvaluation:
    """How good a space is, by label, and its structure where that was asked for."""

    labels: Mapping[str, LabelEvaluation]
    structure: Structure | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the labels alone as JSON has them; the structure stands apart, for a label may have any name."""
        return {label: one.as_dict() for label, one in self.labels.items()}


def evaluate_space(
    vectors: NDArray[np.float32],
    labels: Labels,
    keys: Sequence[bytes],
    groups: Labels | None = None,
    *,
    default: tuple[str, SpaceEvaluation] | None = None,
    with_structure: bool = True,
) -> SpaceEvaluation:
    """Measure vectors, (n, d), rows of unit length, by every label.

    keys: n of them, the sha256 of each image. groups: for a label, what no pair may share, such as the artist where
    the label is the style; a label not among them has none. default: the name and evaluation, over the same images
    and labels, of the space to be compared with. Raises TooFewImagesError where n < 2, ValueError for labels or keys
    of another number than the vectors, and for rows of other lengths.
    """
    grouped = groups or {}
    _check_numbers(len(vectors), keys, labels, grouped)
    codes = {label: label_codes(values) for label, values in labels.items()}
    nearest = ExactNeighbours(vectors)
    structure = measure_structure(vectors, keys, codes, nearest) if with_structure else None
    found = {}
    for label, values in codes.items():
        of = label_codes(grouped[label]) if label in grouped else None
        pairs = evaluate_pairs(vectors, choose_pairs(keys, values, of, label=label))
        found[label] = _evaluate_label(label, retrieve(values, nearest), pairs, default)
    return SpaceEvaluation(found, structure)


def differences(one: SpaceEvaluation, other: SpaceEvaluation) -> dict[str, dict[str, Any]]:
    """Tell as JSON has it what one differs from other by, such as a precision from the full one, for each label.

    {label: {"map_at_10": of one, "difference": one less other, "interval": of the difference}}, without labels that
    have no queries. Raises ValueError where they were not asked the same.
    """
    told = {}
    for label, own in one.labels.items():
        difference = _difference(own.retrieval, other.labels[label].retrieval)
        if own.map_at_10 and difference:
            told[label] = {
                "map_at_10": own.map_at_10.value,
                "difference": difference.value,
                "interval": difference.interval,
            }
    return told


def _evaluate_label(
    label: str, found: Retrieval, pairs: PairEvaluation | None, default: tuple[str, SpaceEvaluation] | None
) -> LabelEvaluation:
    versus = None
    if default is not None:
        name, evaluation = default
        difference = _difference(found, evaluation.labels[label].retrieval)
        versus = None if difference is None else Versus(name, difference)
    return LabelEvaluation(
        retrieval=found,
        map_at_10=estimate_mean(found.average_precision),
        p_at_1=estimate_mean(found.hit),
        pairs=pairs,
        versus=versus,
    )


def _difference(one: Retrieval, other: Retrieval) -> Estimate | None:
    if not np.array_equal(one.queries, other.queries):
        raise ValueError("only figures of the same queries can be paired")
    return estimate_difference(one.average_precision, other.average_precision)


def _check_numbers(n: int, keys: Sequence[bytes], *labels: Labels) -> None:
    if n < 2:  # noqa: PLR2004 - one to ask for, one to find
        raise TooFewImagesError(f"{n} images are too few to find one by another.")
    if any(len(values) != n for values in (keys, *(values for each in labels for values in each.values()))):
        raise ValueError("every image has one key, and one value or None for each label")
