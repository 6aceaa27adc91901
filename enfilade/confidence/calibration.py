"""All that was calibrated on a collection, to be kept with it as JSON. Knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from enfilade.confidence.logistic import Logistic
from enfilade.errors import CalibrationError

__all__ = ["METHOD", "CalibrationParameters"]

METHOD: Final = 2
"""Raised whenever keypoints, evidence or likeness come to mean something else: older parameters no longer serve."""


@dataclass(frozen=True, slots=True)
class CalibrationParameters:
    """A curve for each question, and what they were fitted on.

    alike: for each label its curve, or None where the collection can't tell. members: how many there were.
    witnesses: the recipes of the spaces that gave the evidence, by their hashes; of others the curves know nothing.
    """

    same_work: Logistic
    kind: Logistic
    alike: Mapping[str, Logistic | None]
    members: int
    witnesses: tuple[str, ...]
    rehearsed: int
    strangers: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "method": METHOD,
            "same_work": self.same_work.as_dict(),
            "kind": self.kind.as_dict(),
            "alike": {label: curve and curve.as_dict() for label, curve in self.alike.items()},
            "members": self.members,
            "witnesses": list(self.witnesses),
            "rehearsed": self.rehearsed,
            "strangers": self.strangers,
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Read what as_dict gave. Raises CalibrationError where it is of another method."""
        if told.get("method") != METHOD:
            raise CalibrationError
        return cls(
            same_work=Logistic.from_dict(told["same_work"]),
            kind=Logistic.from_dict(told["kind"]),
            alike={label: curve and Logistic.from_dict(curve) for label, curve in told["alike"].items()},
            members=told["members"],
            witnesses=tuple(told["witnesses"]),
            rehearsed=told["rehearsed"],
            strangers=told["strangers"],
            seed=told["seed"],
        )
