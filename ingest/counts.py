"""What became of each row. Rows = added + duplicates + unchanged + updated + rejected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from enfilade.errors import RefusedImageError

__all__ = ["Counts", "Outcome"]


class Outcome(StrEnum):
    """What became of one row."""

    ADDED = "added"
    DUPLICATE = "duplicates"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REJECTED = "rejected"


@dataclass(slots=True)
class Counts:
    """The sum over the rows so far, and the refusals with their reasons."""

    added: int = 0
    duplicates: int = 0
    unchanged: int = 0
    updated: int = 0
    rejected: int = 0
    refusals: list[tuple[str, RefusedImageError]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were seen."""
        return self.added + self.duplicates + self.unchanged + self.updated + self.rejected

    def add(self, outcomes: Iterable[Outcome], refusals: Iterable[tuple[str, RefusedImageError]]) -> None:
        """Count what became of some rows."""
        for outcome in outcomes:
            setattr(self, outcome.value, getattr(self, outcome.value) + 1)
        self.refusals += refusals

    def as_dict(self) -> dict[str, int]:
        """Give the counts as JSON has them."""
        return {"rows": self.rows, **{outcome.value: getattr(self, outcome.value) for outcome in Outcome}}
