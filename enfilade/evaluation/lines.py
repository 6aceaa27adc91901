"""Lay out the report's chart of overlap: where its lines and names stand. Draws nothing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

__all__ = ["ENDS", "HEIGHT", "WIDTH", "Line", "Lines", "Mark", "lines"]

WIDTH, HEIGHT = 440, 260  # in units of its own
ENDS = 42, 346  # of the scale of dimensions; names stand beyond it
_TOP, _BOTTOM = 12, 34
_NAME_ROOM = 17  # between two names at the ends of lines
_METHODS = {"pca": "PCA", "seed": "article"}
_DEPTHS = (19, 10)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on a line, and what it says when asked."""

    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through marks, and the height at which its name stands."""

    name: str
    kind: str
    marks: tuple[Mark, ...]
    name_at: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over dimensions; ticks are (position, text)."""

    lines: tuple[Line, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]


def lines(overlap: Mapping[str, Any]) -> Lines | None:
    """Lay out overlap against dimensions, on a scale of doublings; None where no number of dimensions fits."""
    dimensions = [row["dimensions"] for row in overlap["pca"]]
    if not dimensions:
        return None
    ends = dimensions[0], dimensions[-1]
    drawn = {
        (method, depth): tuple(_mark(row, ends, method, depth) for row in overlap[method])
        for method in _METHODS
        for depth in _DEPTHS
    }
    names_at = _spread([marks[-1].y for marks in drawn.values()])
    return Lines(
        lines=tuple(
            Line(_name(*one), f"{one[0]} at-{one[1]}", marks, name_at)
            for (one, marks), name_at in zip(drawn.items(), names_at, strict=True)
        ),
        x_ticks=tuple((_x(k, ends), str(k)) for k in dimensions),
        y_ticks=tuple((_y(share), f"{share:.2f}") for share in (0, 0.25, 0.5, 0.75, 1)),
    )


def _mark(row: Mapping[str, Any], ends: tuple[int, int], method: str, depth: int) -> Mark:
    share = row[f"at_{depth}"]
    title = f"{_name(method, depth)}, {row['dimensions']} dimensions: {share:.3f}"
    return Mark(_x(row["dimensions"], ends), _y(share), title)


def _name(method: str, depth: int) -> str:
    return f"{_METHODS[method]} @{depth}"


def _x(dimensions: int, ends: tuple[int, int]) -> float:
    first, last = map(math.log2, ends)
    share = (math.log2(dimensions) - first) / (last - first) if last > first else 0.5
    return round(ENDS[0] + share * (ENDS[1] - ENDS[0]), 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _spread(wanted: Sequence[float]) -> list[float]:
    """Move names apart that would stand on one another, downwards and as little as needed."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = list(wanted)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + _NAME_ROOM)
    return placed
