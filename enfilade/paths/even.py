"""Walks of an exact number of pictures, as evenly spaced as the graph allows and always getting on.

What is least. Of a walk of h steps, with mean and variance taken over its steps,

    variance / mean² + stretch * length / (length of the shortest walk of h steps) + setback * h * setbacks

where a setback is a step that gets no farther from the source, or no nearer to the target. The first term is the square
of the coefficient of variation.

Among which walks. Those of which the mean step is about that of the shortest walk of h steps to a given multiple of it
(Evenness). Progress, the angle from the source less that to the target, rises at every step, so no picture comes
twice. Where h is the least steps that join the two, or one more, no walk can come by a picture twice (leaving out the
turn would save two steps), so all walks count.

How exactly. The variance is the least, over all strides, of the mean square of (step - stride). So for each of some
strides, each a fixed ratio above the one before, from the shortest walk's mean step upwards, dynamic programming over
steps (R. Bellman, 1957) finds exactly the walk of least mean square of (step / stride - 1), setbacks included; of these
walks the one of least score is kept. A walk whose mean is within the strides is then missed by at most about
(ratio - 1)² / 4 in the first term, which is 2e-5 for short walks and 4e-4 for long ones at the ratios used, and by the
difference in the second, which the search for a stride does not see. In graphs of which more than WHOLE rows lie on
rising ways, only the CORRIDOR rows with the shortest ones count, and more only where these have no walk: there it is
an approximation without a bound.

Where no walk rises throughout, the best walk of all is taken if it comes by no picture twice; else a walk of one step
less, with a picture put in where that costs least; else the first that is found by trying, within bounds.
Nobody promises that such a walk exists: to tell is NP-hard (M. R. Garey and D. S. Johnson, 1979, GT 29).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import NoEvenPathError
from enfilade.paths.exact import simple_walk
from enfilade.paths.ground import Ground, Strip
from enfilade.paths.layers import layered, shortest_of_hops

__all__ = ["EVENNESS", "Evenness", "even_walk", "score", "shortest_walk"]

WHOLE, CORRIDOR = 8192, 4096
_TRIES = 300_000
_ROOM = 2**26  # rows times steps times strides that are kept in mind at once: 256 MB


@dataclass(frozen=True, slots=True)
class Evenness:
    """What an even walk weighs; chosen on the frontier that `python -m benchmarks evenness` prints.

    stretch, setback: see above. widest, widest_long: how many times the mean step of the shortest walk the strides
    reach, for walks of at most short steps and for longer ones, which else would bounce among a few close pictures.
    strides: how many are tried.
    """

    stretch: float = 0.003
    setback: float = 1.3e-4
    widest: float = 1.2
    widest_long: float = 2.5
    short: int = 7
    strides: int = 24

    def spread(self, shortest: float, hops: int) -> NDArray[np.float64]:
        """Choose the strides to try for walks whose shortest is this long."""
        widest = self.widest if hops <= self.short else self.widest_long
        return np.geomspace(1.0, widest, self.strides) * max(shortest / hops, 1e-6)  # between duplicates it may be 0


EVENNESS = Evenness()


def even_walk(ground: Ground, hops: int, weights: Evenness = EVENNESS) -> NDArray[np.int32]:
    """Find the rows, (hops + 1,), of a walk of so many steps, not fewer than ground.fewest. Raises NoEvenPathError."""
    walk = _found(ground, hops, weights)
    if walk is None:
        free = ground.strip(ground.within(hops))
        tried = _any_walk(free, hops, _shortest_in(free, hops) / hops)
        if not len(tried):
            raise NoEvenPathError(hops - 1)
        walk = free.rows[tried].astype(np.int32)
    return walk


def _found(ground: Ground, hops: int, weights: Evenness) -> NDArray[np.int32] | None:
    free = ground.strip(ground.within(hops))
    shortest = _shortest_in(free, hops)
    strides = weights.spread(shortest, hops)
    walks: list[NDArray[np.int32]] = []
    if hops > (ground.fewest or 0) + 1:
        for rows in _corridors(ground):
            walks = _best_walks(ground.strip(rows), hops, strides, weights, rising=True)
            if walks:
                break
    walks = walks or [
        walk for walk in _best_walks(free, hops, strides, weights, rising=False) if len(set(walk.tolist())) == hops + 1
    ]
    if not walks and hops > (ground.fewest or 0):
        shorter = _found(ground, hops - 1, weights)
        walks = [] if shorter is None else _with_one_more(ground, shorter)
    return min(walks, key=lambda walk: score(ground, walk, shortest, weights), default=None)


def score(ground: Ground, walk: NDArray[np.int32], shortest: float, weights: Evenness = EVENNESS) -> float:
    """Give what is least, of one walk; shortest: the length of the shortest walk of as many steps."""
    steps = ground.distances(walk)
    mean = max(float(steps.mean()), 1e-12)
    stretched = float(steps.sum()) / shortest if shortest > 0 else 1.0
    uneven = float(steps.var()) / mean**2
    return uneven + weights.stretch * stretched + weights.setback * len(steps) * ground.setbacks(walk)


def shortest_walk(ground: Ground, hops: int) -> float:
    """Give the length of the shortest walk of so many steps, pictures coming twice or not."""
    return _shortest_in(ground.strip(ground.within(hops)), hops)


def _shortest_in(strip: Strip, hops: int) -> float:
    arcs = strip.indptr, strip.indices, strip.weights
    return shortest_of_hops(*arcs, strip.ahead, strip.source, strip.target, hops)


def _corridors(ground: Ground) -> Iterator[NDArray[np.int64]]:
    """Yield ever more of the rows on rising ways, those with the shortest first; all of them last."""
    detours = ground.detours
    reached = np.flatnonzero(np.isfinite(detours))
    for width in (CORRIDOR, 4 * CORRIDOR):
        if max(width, WHOLE) < len(reached):
            yield reached[detours[reached] <= np.partition(detours[reached], width)[width]]
    if len(reached):
        yield reached


def _best_walks(
    strip: Strip, hops: int, strides: NDArray[np.float64], weights: Evenness, *, rising: bool
) -> list[NDArray[np.int32]]:
    """Find the best walk for each stride, in rows of the ground, each walk once."""
    setbacks = weights.setback * hops**2 * strip.setbacks  # the walk's are divided by hops, as its squares are
    if rising:
        setbacks[strip.fell] = np.inf
    arcs = strip.indptr, strip.indices, strip.weights, setbacks
    strides = strides[:: -(-hops * len(strip.rows) * len(strides) // _ROOM)]
    walks = layered(*arcs, strip.behind, strip.ahead, strip.source, strip.target, hops, strides)
    found = np.unique(walks[walks[:, 0] >= 0], axis=0)
    return [strip.rows[walk].astype(np.int32) for walk in found]


def _any_walk(strip: Strip, hops: int, stride: float) -> NDArray[np.int32]:
    arcs = strip.indptr, strip.indices, strip.weights, strip.ahead
    return simple_walk(*arcs, strip.source, strip.target, hops, stride, _TRIES)


def _with_one_more(ground: Ground, walk: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Put a picture that is a neighbour of both into each step of a walk, in every way."""
    found = []
    for place in range(len(walk) - 1):
        one, other = (ground.indices[ground.indptr[row] : ground.indptr[row + 1]] for row in walk[place : place + 2])
        common = np.setdiff1d(np.intersect1d(one, other), walk)
        if len(ground.closed):
            common = common[ground.closed[common] == 0]
        found += [np.insert(walk, place + 1, row) for row in common]
    return found
