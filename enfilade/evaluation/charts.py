"""Lay out the report's bars, dots and columns: where each mark stands, from a result as JSON has it. Draws nothing."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Bar", "Column", "Scale", "bars", "columns", "dots", "members"]


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of likely figures; positions on it are in percent of its length."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, figure: float) -> float:
        """Place a figure, at an end where it is beyond it."""
        return round(100 * min(max((figure - self.low) / (self.high - self.low), 0.0), 1.0), 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """One space's or baseline's figure, its interval, and all three in percent of the scale."""

    name: str
    kind: str
    value: float
    interval: tuple[float, float]
    at: float
    span: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram: what it counts, how many, and its height in percent of the highest."""

    name: str
    count: int
    height: float


def members(result: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each space and baseline as (name, kind, its labels): the first space is the default one."""
    for place, (name, labels) in enumerate(result["spaces"].items()):
        yield name, "space" if place else "default", labels
    for name, labels in result["baselines"].items():
        yield name, "baseline", labels


def bars(result: Mapping[str, Any], label: str) -> tuple[Scale, list[Bar]]:
    """Lay out mAP@10 by one label, from nought."""
    found = [
        (name, kind, labels[label]["map_at_10"], labels[label]["interval"])
        for name, kind, labels in members(result)
        if labels.get(label) and labels[label]["map_at_10"] is not None
    ]
    scale = _scale(0.0, max((interval[1] for *_, interval in found), default=1.0))
    return scale, [_bar(scale, *one) for one in found]


def dots(result: Mapping[str, Any], label: str) -> tuple[Scale, list[Bar]]:
    """Lay out the pairs' ROC-AUC by one label, from a half, or below where an interval reaches there."""
    found = [
        (name, kind, labels[label]["pairs"]["roc_auc"], labels[label]["pairs"]["interval"])
        for name, kind, labels in members(result)
        if labels.get(label) and labels[label]["pairs"]
    ]
    lowest = min((interval[0] for *_, interval in found), default=0.5)
    scale = _scale(min(0.5, math.floor(lowest * 10) / 10), 1.0)
    return scale, [_bar(scale, *one) for one in found]


def columns(in_degrees: Sequence[int]) -> list[Column]:
    """Lay out in how many lists images are; the last column stands for all beyond."""
    highest = max(in_degrees, default=0) or 1
    last = len(in_degrees) - 1
    names = [f"{degree} or more" if degree == last else str(degree) for degree in range(len(in_degrees))]
    return [Column(name, count, round(100 * count / highest, 2)) for name, count in zip(names, in_degrees, strict=True)]


def _bar(scale: Scale, name: str, kind: str, value: float, interval: Sequence[float]) -> Bar:
    low, high = interval
    return Bar(name, kind, value, (low, high), scale.at(value), (scale.at(low), scale.at(high)))


def _scale(low: float, high: float) -> Scale:
    """Make a scale with ticks at tenths, or at fifths where those would be too many."""
    step = 0.2 if high - low > 0.5 else 0.1  # noqa: PLR2004 - six ticks are as many as a phone has room for
    top = max(min(1.0, math.ceil(round(high / step, 6)) * step), low + step)
    ticks = [low]
    while ticks[-1] + step <= top + 1e-6:  # less rounding
        ticks.append(round(ticks[-1] + step, 6))
    return Scale(low, top, tuple(ticks))
