"""Walks by way of waypoints: a path for each part, put together. Knows no alternatives."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import BetweenOutOfRangeError, NoEvenPathError, NoPathError
from enfilade.paths.bidirectional import CLOSED
from enfilade.paths.ends import End, order_of
from enfilade.paths.graph import PathGraph
from enfilade.paths.modes import Even, Mode
from enfilade.paths.path import Path

__all__ = ["closing", "journey"]


def journey(graph: PathGraph, mode: Mode, stops: list[End], closed: NDArray[np.uint8]) -> Path:
    """Walk from the first stop by way of the others to the last: the best path of each part, one after the other.

    So it may come by an image twice, as on the way to a waypoint and back. Only where so many different ones are asked
    for does each part in turn keep off those before it and off all stops. The way back is the same reversed. Raises
    NoPathError, and what the mode raises.
    """
    if order_of(stops[0]) > order_of(stops[-1]):
        return journey(graph, mode, stops[::-1], closed).reversed()
    pairs = list(pairwise(stops))
    modes = mode.split(graph, stops, closed) if len(pairs) > 1 else [mode]
    parts = [part.walk(graph, *pair, closed) for part, pair in zip(modes, pairs, strict=True)]
    if isinstance(mode, Even) and mode.between is not None and _repeats(parts):
        parts = _apart(graph, modes, pairs, parts, closed)
        if _repeats(parts):
            raise NoEvenPathError(mode.between)
    return _joined(parts)


def _apart(
    graph: PathGraph, modes: list[Mode], pairs: list[tuple[End, End]], parts: list[Path], closed: NDArray[np.uint8]
) -> list[Path]:
    found: list[Path] = []
    stops = {image for part in parts for image in (part.images[0], part.images[-1])}
    for mode, pair, part in zip(modes, pairs, parts, strict=True):
        taken = stops.union(*(earlier.images for earlier in found)) - {part.images[0], part.images[-1]}
        try:
            found.append(mode.walk(graph, *pair, closing(graph, closed, taken)))
        except (BetweenOutOfRangeError, NoPathError):
            found.append(part)
    return found


def _repeats(parts: list[Path]) -> bool:
    images = _joined(parts).images
    return len(set(images)) < len(images)


def _joined(parts: list[Path]) -> Path:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.then(part)
    return whole


def closing(graph: PathGraph, closed: NDArray[np.uint8], images: set[int]) -> NDArray[np.uint8]:
    """Close some images too: a copy."""
    closed = closed.copy() if len(closed) else np.zeros(len(graph.ids), dtype=np.uint8)
    closed[graph.find(sorted(images))] = CLOSED
    return closed
