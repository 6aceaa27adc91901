"""Lay out a reliability plot: where its points stand, and how large they are. Draws nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["ENDS", "SIDE", "TICKS", "Point", "points"]

SIDE: Final = 300  # in units of its own
ENDS: Final = 40, 288  # of both scales, from nought to one
TICKS: Final = tuple((ENDS[0] + share * (ENDS[1] - ENDS[0]), f"{share:.1f}") for share in (0, 0.5, 1))
_RADII: Final = 3, 9


@dataclass(frozen=True, slots=True)
class Point:
    """A bin: x by what was said, y (downwards) by how often it was so; on_diagonal: y, if these were the same."""

    x: float
    y: float
    on_diagonal: float
    radius: float
    title: str


def points(bins: Sequence[Mapping[str, Any]]) -> tuple[Point, ...]:
    """Lay out bins, as ReliabilityBin.as_dict gives them; areas go by their counts."""
    most = max((one["count"] for one in bins), default=1)
    return tuple(_point(one, most) for one in bins)


def _point(one: Mapping[str, Any], most: int) -> Point:
    smallest, largest = _RADII
    title = f"{one['count']:,} times said {one['mean']:.2f}, so {one['frequency']:.2f}"
    return Point(
        x=round(_at(one["mean"]), 1),
        y=round(SIDE - _at(one["frequency"]), 1),
        on_diagonal=round(SIDE - _at(one["mean"]), 1),
        radius=round(max(smallest, largest * (one["count"] / most) ** 0.5), 1),
        title=title,
    )


def _at(share: float) -> float:
    return ENDS[0] + share * (ENDS[1] - ENDS[0])
