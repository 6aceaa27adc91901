"""The three ways of choosing a path between two ends. Knows no waypoints, no alternatives."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import BetweenOutOfRangeError, NoEvenPathError, NoPathError
from enfilade.paths.ends import End, TemporaryNode, order_of, seeds_of
from enfilade.paths.even import EVENNESS, Evenness, even_walk, score, shortest_walk
from enfilade.paths.forest import bottleneck
from enfilade.paths.graph import PathGraph
from enfilade.paths.ground import Ground, ground_between
from enfilade.paths.path import Path
from enfilade.paths.seeking import seek

__all__ = ["MOST_BETWEEN", "Even", "Mode", "Shortest", "Smooth"]

MOST_BETWEEN = 24
"""How many pictures an even path may be asked to have between its ends, where fewer would join them."""

_OPEN = np.empty(0, dtype=np.uint8)
_CHOICE = 4  # how many numbers of pictures beyond the least are weighed where none is asked for


class Mode(Protocol):
    """A way of choosing a path."""

    def walk(self, graph: PathGraph, source: End, target: End, closed: NDArray[np.uint8]) -> Path:
        """Find the best path between two different ends over the rows that are OPEN. Raises NoPathError."""

    def rank(self, graph: PathGraph, source: End, target: End, path: Path) -> tuple[float, ...]:
        """Give what a path is ordered by, beside others between the same ends."""

    def split(self, graph: PathGraph, stops: list[End], closed: NDArray[np.uint8]) -> list["Mode"]:
        """Give the mode of each part of a walk by way of stops, one fewer than these."""


@dataclass(frozen=True, slots=True)
class Shortest:
    """The least sum of angles."""

    def walk(self, graph: PathGraph, source: End, target: End, closed: NDArray[np.uint8]) -> Path:
        """Search from both ends."""
        return seek(graph, source, target, closed)

    def rank(self, _graph: PathGraph, _source: End, _target: End, path: Path) -> tuple[float, ...]:
        """Order by length."""
        return (path.length,)

    def split(self, _graph: PathGraph, stops: list[End], _closed: NDArray[np.uint8]) -> list[Mode]:
        """Take each part for itself."""
        return [self] * (len(stops) - 1)


@dataclass(frozen=True, slots=True)
class Smooth:
    """The least worst step, and of those paths the shortest."""

    def walk(self, graph: PathGraph, source: End, target: End, closed: NDArray[np.uint8]) -> Path:
        """Read the worst step off the spanning forest; where rows are closed it may have to be searched for."""
        ceiling = _bottleneck(graph, source, target)
        try:
            return seek(graph, source, target, closed, ceiling=ceiling)
        except NoPathError:
            if not len(closed):
                raise
        ceiling = seek(graph, source, target, closed, minimax=True).worst_step
        return seek(graph, source, target, closed, ceiling=ceiling)

    def rank(self, _graph: PathGraph, _source: End, _target: End, path: Path) -> tuple[float, ...]:
        """Order by the worst step, then by length."""
        return path.worst_step, path.length

    def split(self, _graph: PathGraph, stops: list[End], _closed: NDArray[np.uint8]) -> list[Mode]:
        """Take each part for itself."""
        return [self] * (len(stops) - 1)


def _bottleneck(graph: PathGraph, source: End, target: End) -> float:
    (ours, reached), (theirs, left) = (seeds_of(graph, end, _OPEN) for end in (source, target))
    worst = [
        max(float(bottleneck(graph.parent, graph.link, one, other)), first, last)
        for one, first in zip(ours.tolist(), reached.tolist(), strict=True)
        for other, last in zip(theirs.tolist(), left.tolist(), strict=True)
    ]
    return min(worst, default=np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Even:
    """Exactly so many pictures between, as evenly spaced as can be; see enfilade.paths.even.

    vectors: (n, d), of the graph's rows, in their order. between: None to choose what comes out best, of the fewest and
    a few more.
    """

    vectors: NDArray[np.float32]
    between: int | None = None
    weights: Evenness = EVENNESS

    def walk(self, graph: PathGraph, source: End, target: End, closed: NDArray[np.uint8]) -> Path:
        """Find the walk of so many pictures. Raises BetweenOutOfRangeError, NoEvenPathError, NoPathError."""
        if order_of(source) > order_of(target):
            return self.walk(graph, target, source, closed).reversed()
        ground = ground_between(graph, source, target, closed, self.vectors)
        fewest = _fewest(ground)
        if self.between is None:
            return _path(graph, ground, source, target, self._chosen(ground, fewest))
        _check(self.between, fewest - 1)
        return _path(graph, ground, source, target, even_walk(ground, self.between + 1, self.weights))

    def _chosen(self, ground: Ground, fewest: int) -> NDArray[np.int32]:
        walks = []
        for hops in range(max(fewest, 2), fewest + _CHOICE + 1):
            try:
                walk = even_walk(ground, hops, self.weights)
            except NoEvenPathError:
                continue
            walks.append((score(ground, walk, shortest_walk(ground, hops), self.weights), walk))
        return min(walks, key=lambda scored: scored[0])[1] if walks else even_walk(ground, fewest, self.weights)

    def rank(self, graph: PathGraph, source: End, target: End, path: Path) -> tuple[float, ...]:
        """Order by what even walks make least, beside the shortest walk of as many steps over the whole graph."""
        ground = ground_between(graph, source, target, _OPEN, self.vectors)
        rows = {end.id: row for end, row in _guests(ground, source, target)}
        walk = np.array([rows[image] if image in rows else graph.node(image) for image in path.images], dtype=np.int32)
        return (score(ground, walk, shortest_walk(ground, len(path.distances)), self.weights),)

    def split(self, graph: PathGraph, stops: list[End], closed: NDArray[np.uint8]) -> list[Mode]:
        """Share out the pictures, the stops between counted too, so that the parts' steps come out most alike.

        Raises BetweenOutOfRangeError, NoPathError.
        """
        pairs = list(pairwise(stops))
        if self.between is None:
            return [self] * len(pairs)
        least = [_fewest(ground_between(graph, *pair, closed, self.vectors)) - 1 for pair in pairs]
        spare = self.between - (len(stops) - 2) - sum(least)
        _check(self.between, self.between - spare)
        lengths = [seek(graph, *pair, closed).length for pair in pairs]
        for _ in range(spare):
            longest = max(range(len(pairs)), key=lambda part: lengths[part] / (least[part] + 1))
            least[longest] += 1
        return [replace(self, between=between) for between in least]


def _check(between: int, least: int) -> None:
    most = max(least, MOST_BETWEEN)
    if not least <= between <= most:
        raise BetweenOutOfRangeError(between, least=least, most=most)


def _fewest(ground: Ground) -> int:
    if ground.fewest is None:
        raise NoPathError
    return ground.fewest


def _guests(ground: Ground, source: End, target: End) -> list[tuple[TemporaryNode, int]]:
    ends = (source, ground.source), (target, ground.target)
    return [(end, row) for end, row in ends if isinstance(end, TemporaryNode)]


def _path(graph: PathGraph, ground: Ground, source: End, target: End, walk: NDArray[np.int32]) -> Path:
    names = {row: end.id for end, row in _guests(ground, source, target)}
    images = tuple(names[row] if row in names else int(graph.ids[row]) for row in walk.tolist())
    return Path(images, tuple(ground.distances(walk).tolist()))
