"""Find paths: check what is asked, choose, and say what a filter would have to let by. Knows no database."""

from collections.abc import Sequence

from enfilade.errors import (
    AvoidedStopError,
    FilteredPathError,
    NoPathError,
    RepeatedViaError,
    SameEndsError,
)
from enfilade.paths.alternatives import with_alternatives
from enfilade.paths.ends import End, Limits, check_end, closed_rows
from enfilade.paths.graph import PathGraph
from enfilade.paths.journeys import journey
from enfilade.paths.modes import Mode, Shortest
from enfilade.paths.path import Path
from enfilade.paths.relaxing import least_relaxation

__all__ = ["find_paths", "shortest_path"]

_SHORTEST, _UNLIMITED = Shortest(), Limits()


def find_paths(
    graph: PathGraph,
    source: End,
    target: End,
    mode: Mode = _SHORTEST,
    *,
    via: Sequence[int] = (),
    limits: Limits = _UNLIMITED,
    alternatives: int = 1,
) -> list[Path]:
    """Find the best path between two ends by way of waypoints, in their order, and up to so many paths in all.

    See the modes for what is best, Limits for what is kept off, enfilade.paths.alternatives for the others. The way
    back is the same reversed. Raises SameEndsError, RepeatedViaError, AvoidedStopError, UnknownImageError; NoPathError
    where nothing joins the ends, as FilteredPathError where the filter is why; for Even, BetweenOutOfRangeError and
    NoEvenPathError.
    """
    stops = [source, *via, target]
    _check(graph, stops, limits)
    closed = closed_rows(graph, limits, stops)
    try:
        best = journey(graph, mode, stops, closed)
    except NoPathError as error:
        needed = least_relaxation(graph, source, target, via=via, limits=limits)
        if needed:
            raise FilteredPathError(needed) from error
        raise
    if alternatives == 1:
        return [best]
    return with_alternatives(graph, mode, stops, closed, best, count=alternatives)


def shortest_path(graph: PathGraph, source_id: int, target_id: int) -> Path:
    """Find a path of least length between two images; of no step, from an image to itself.

    The way back is the same path reversed. Raises UnknownImageError for an id without a node, NoPathError where nothing
    joins the two.
    """
    if source_id == target_id:
        graph.node(source_id)
        return Path((source_id,), ())
    return find_paths(graph, source_id, target_id)[0]


def _check(graph: PathGraph, stops: list[End], limits: Limits) -> None:
    for stop in stops:
        check_end(graph, stop)
    names = [stop if isinstance(stop, int) else stop.id for stop in stops]
    if names[0] == names[-1]:
        raise SameEndsError(names[0])
    for place, name in enumerate(names):
        if name in names[:place]:
            raise RepeatedViaError(name)
        if name in limits.avoid:
            raise AvoidedStopError(name)
