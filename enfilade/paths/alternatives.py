"""Other paths than the best, unlike it and each other. Knows no filter but what is closed."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import BetweenOutOfRangeError, NoPathError
from enfilade.paths.ends import End, TemporaryNode
from enfilade.paths.graph import PathGraph
from enfilade.paths.journeys import closing, journey
from enfilade.paths.modes import Even, Mode
from enfilade.paths.path import Path

__all__ = ["with_alternatives"]

_FEW = 2
Ranked = tuple[tuple[float, ...], Path]


def with_alternatives(
    graph: PathGraph, mode: Mode, stops: list[End], closed: NDArray[np.uint8], best: Path, *, count: int
) -> list[Path]:
    """Give up to count paths, the best first; none shares more than half of its inner images with a better one.

    Each further one is the best path that keeps off some of the images of all those before: all of them, every other
    one, or a half of them (E. L. Lawler's branching, 1972, thinned to so few branches; for even walks, which take
    longest, to the first two). So a better one may be missed, and fewer are found than asked for where the graph has a
    strait. Ends and waypoints are shared by all, and don't count.
    """
    source, target = stops[0], stops[-1]
    shared = {stop for stop in stops if isinstance(stop, int)}
    found: list[Ranked] = [((-np.inf,), best)]  # first, whatever comes out where a mode's best is an approximation
    while len(found) < count:
        candidates = []
        choices = _choices([path for _, path in found], shared)
        for images in islice(choices, _FEW if isinstance(mode, Even) else None):
            try:
                path = _around(graph, mode, stops, closing(graph, closed, images), found[0][1])
            except (BetweenOutOfRangeError, NoPathError):
                continue
            ranked = mode.rank(graph, source, target, path), path
            if all(_unlike(ranked, other, shared) for other in found):
                candidates.append(ranked)
        if not candidates:
            break
        found.append(min(candidates, key=lambda ranked: (ranked[0], ranked[1].images)))
    return [path for _, path in sorted(found, key=lambda ranked: ranked[0])]  # they may have come out of order


def _choices(paths: list[Path], shared: set[int]) -> Iterator[set[int]]:
    """Choose images to keep off, of every path alike."""
    inner = [[image for image in path.inner if image not in shared] for path in paths]
    chosen = [
        {image for images in inner for image in images[of(len(images))]}
        for of in (
            lambda _: slice(None),
            lambda _: slice(0, None, 2),
            lambda _: slice(1, None, 2),
            lambda size: slice(0, (size + 1) // 2),
            lambda size: slice(size // 2, None),
            lambda size: slice(size // 4, size // 4 + (size + 1) // 2),
        )
    ]
    yield from (images for place, images in enumerate(chosen) if images not in chosen[:place])


def _around(graph: PathGraph, mode: Mode, stops: list[End], closed: NDArray[np.uint8], best: Path) -> Path:
    """Walk, but not by the best path's only step, if that is all it has: no image could be kept off there."""
    if len(best.images) > 2:  # noqa: PLR2004
        return journey(graph, mode, stops, closed)
    if isinstance(stops[-1], TemporaryNode):
        return journey(graph, mode, [stops[0], _without(stops[-1], best.images[0])], closed)
    if isinstance(stops[0], TemporaryNode):
        return journey(graph, mode, [_without(stops[0], best.images[-1]), stops[-1]], closed)
    away = _less(graph, mode, stops[0], best.images[-1])
    return journey(graph, mode, [away, stops[-1]], closing(graph, closed, {stops[0]}))


def _without(guest: TemporaryNode, image: int) -> TemporaryNode:
    """Give a picture that was brought without its step to an image."""
    kept = [pair for pair in zip(guest.neighbours, guest.distances, strict=True) if pair[0] != image]
    return replace(guest, neighbours=tuple(one for one, _ in kept), distances=tuple(angle for _, angle in kept))


def _less(graph: PathGraph, mode: Mode, image: int, other: int) -> TemporaryNode:
    """Give an image without the step to another, as a node for one question."""
    row = graph.node(image)
    near = slice(int(graph.indptr[row]), int(graph.indptr[row + 1]))
    rows, distances = graph.indices[near], graph.weights[near]
    kept = rows != graph.node(other)
    vectors: NDArray[np.float32] | None = getattr(mode, "vectors", None)
    vector = None if vectors is None else np.asarray(vectors[row])
    return TemporaryNode(tuple(graph.ids[rows[kept]].tolist()), tuple(distances[kept].tolist()), vector, id=image)


def _unlike(one: Ranked, other: Ranked, shared: set[int]) -> bool:
    """Tell whether the worse of two shares at most half of its inner images with the better."""
    better, worse = sorted((one, other), key=lambda ranked: ranked[0])
    inner = set(worse[1].inner) - shared
    return worse[1].images != better[1].images and 2 * len(inner & set(better[1].inner)) <= len(inner)
