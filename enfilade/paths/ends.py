"""What a walk is asked to join, and what it is to keep off. Knows rows and ids, no search."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from enfilade.paths.bidirectional import CLOSED, OPEN, OUTSIDE
from enfilade.paths.graph import PathGraph

__all__ = ["End", "Limits", "TemporaryNode", "check_end", "closed_rows", "order_of", "seeds_of"]


@dataclass(frozen=True, slots=True, eq=False)
class TemporaryNode:
    """A picture that is not in the graph, such as an upload, joined to some that are, for one question.

    neighbours: ids, each once; distances: radians, as many. vector: (d,), of unit length, wanted by Even. id: how the
    picture is called in a path; no image's.
    """

    neighbours: tuple[int, ...]
    distances: tuple[float, ...]
    vector: NDArray[np.float32] | None = None
    id: int = -1


End = int | TemporaryNode
"""Where a walk begins or ends: an image by its id, or a picture that is not in the graph."""


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Which images a walk may show between its ends.

    avoid: ids, never shown. allowed: (n,), by row, those a filter lets through, all where there is none; the ends and
    waypoints are exempt from it.
    """

    avoid: Collection[int] = ()
    allowed: NDArray[np.bool_] | None = None


def check_end(graph: PathGraph, end: End) -> None:
    """Raise UnknownImageError where an end, or a neighbour of it, is not in the graph."""
    for image_id in (end,) if isinstance(end, int) else end.neighbours:
        graph.node(image_id)


def closed_rows(graph: PathGraph, limits: Limits, exempt: Iterable[End] = ()) -> NDArray[np.uint8]:
    """Mark each row OPEN, OUTSIDE the filter or CLOSED: (n,), or (0,) where there is no limit."""
    if limits.allowed is None and not limits.avoid:
        return np.empty(0, dtype=np.uint8)
    closed = np.full(len(graph.ids), OPEN, dtype=np.uint8)
    if limits.allowed is not None:
        closed[~limits.allowed] = OUTSIDE
    closed[graph.find([end for end in exempt if isinstance(end, int)])] = OPEN
    closed[graph.find(list(limits.avoid))] = CLOSED
    return closed


def seeds_of(
    graph: PathGraph, end: End, closed: NDArray[np.uint8], *, ceiling: float = np.inf, toll: float = np.inf
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give the rows (s,) where a search begins, and what each of them costs already."""
    if isinstance(end, int):
        return np.array([graph.node(end)], dtype=np.int32), np.zeros(1)
    rows = np.array([graph.node(image_id) for image_id in end.neighbours], dtype=np.int32)
    costs = np.array(end.distances, dtype=np.float32).astype(np.float64)
    kept = costs <= ceiling
    if len(closed):
        outside = closed[rows] == OUTSIDE
        kept &= (closed[rows] != CLOSED) & (~outside | (toll < np.inf))
        costs[outside] += toll / 2  # the half on entering; on leaving, the search adds the other
    return rows[kept], costs[kept]


def order_of(end: End) -> tuple[int, tuple[int, ...], tuple[float, ...]]:
    """Order ends, so that both directions are one search and ties fall alike."""
    return (0, (end,), ()) if isinstance(end, int) else (1, end.neighbours, end.distances)
