"""The result of an evaluation: every space and baseline over one collection, as JSON has it. Knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from enfilade.evaluation.measures import Labels, SpaceEvaluation

__all__ = ["Evaluation"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured, on what, and when; spaces are in the order to show them in, the default one first.

    precision: for each numeric precision tried, measures.differences from the full one, of the default space.
    """

    manifest: str
    evaluated_at: datetime
    images: int
    labels: Labels
    spaces: Mapping[str, SpaceEvaluation]
    baselines: Mapping[str, SpaceEvaluation] = field(default_factory=dict)
    precision: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give the whole as JSON has it.

        "spaces" and "baselines" hold nothing but labels, so that a label may have any name; what a space is like
        besides is in "structure", by the space's name.
        """
        return {
            "manifest": self.manifest,
            "evaluated_at": self.evaluated_at.isoformat(timespec="seconds"),
            "images": self.images,
            "labels": {label: _counts(values) for label, values in self.labels.items()},
            "spaces": {name: one.as_dict() for name, one in self.spaces.items()},
            "baselines": {name: one.as_dict() for name, one in self.baselines.items()},
            "structure": {name: one.structure.as_dict() for name, one in self.spaces.items() if one.structure},
            "precision": {name: {label: dict(one) for label, one in of.items()} for name, of in self.precision.items()},
        }


def _counts(values: Sequence[str | None]) -> dict[str, int]:
    given = [value for value in values if value is not None]
    return {"images": len(given), "values": len(set(given))}
