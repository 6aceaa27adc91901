"""What a filter would have to let by for there to be a path. Knows no modes."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from enfilade.paths.bidirectional import OPEN, OUTSIDE
from enfilade.paths.ends import End, Limits, closed_rows
from enfilade.paths.graph import PathGraph
from enfilade.paths.seeking import seek

__all__ = ["least_relaxation"]


def least_relaxation(
    graph: PathGraph, source: End, target: End, *, via: Sequence[int] = (), limits: Limits
) -> tuple[int, ...]:
    """Name the fewest images outside the filter that a path needs, in the order of walking, by the shortest such way.

    By a search in which such an image costs more than all steps of any path together. By way of waypoints, each part
    takes its fewest in turn, those taken before for nothing. Raises NoPathError where even that does not help.
    """
    stops = [source, *via, target]
    closed = closed_rows(graph, limits, stops)
    # A power of two, so that the length, at most pi a step, keeps its digits.
    toll = 2.0 ** np.ceil(np.log2(np.pi * (len(graph.ids) + 2)))
    needed: dict[int, None] = {}
    for one, other in pairwise(stops):
        rows = graph.find(seek(graph, one, other, closed, toll=toll).images)
        outside = rows[closed[rows] == OUTSIDE] if len(closed) else rows[:0]
        needed |= dict.fromkeys(graph.ids[outside].tolist())
        if len(closed):
            closed[outside] = OPEN
    return tuple(needed)
