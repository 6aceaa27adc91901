"""Run a search between two ends, and read the path off it. Knows no modes."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import NoPathError
from enfilade.paths.adjacency import places_of
from enfilade.paths.bidirectional import search
from enfilade.paths.ends import End, TemporaryNode, order_of, seeds_of
from enfilade.paths.graph import PathGraph
from enfilade.paths.path import Path
from enfilade.paths.workspace import workspace

__all__ = ["path_along", "seek"]


def seek(
    graph: PathGraph,
    source: End,
    target: End,
    closed: NDArray[np.uint8],
    *,
    ceiling: float = np.inf,
    toll: float = np.inf,
    minimax: bool = False,
) -> Path:
    """Find a least path between two different ends; see enfilade.paths.bidirectional.search for what is asked.

    The way back is the same path reversed. Raises NoPathError.
    """
    if order_of(source) > order_of(target):
        back = seek(graph, target, source, closed, ceiling=ceiling, toll=toll, minimax=minimax)
        return back.reversed()
    begun = [seeds_of(graph, end, closed, ceiling=ceiling, toll=toll) for end in (source, target)]
    seeds, costs = zip(*begun, strict=True)
    own = workspace()
    meeting, _ = own.run(
        len(graph.ids),
        lambda labels, heaps, stamp: search(
            graph.indptr, graph.indices, graph.weights, closed, ceiling, toll, minimax, seeds, costs,
            labels, heaps, stamp,
        ),
    )  # fmt: skip
    if meeting < 0:
        raise NoPathError
    trails = []
    for side in range(2):
        trail = [meeting]
        while (before := int(own.labels[trail[-1], side]["before"])) >= 0:
            trail.append(before)
        trails.append(trail)
    return path_along(graph, source, target, np.array(trails[0][::-1] + trails[1][1:], dtype=np.int32))


def path_along(graph: PathGraph, source: End, target: End, nodes: NDArray[np.int32]) -> Path:
    """Make a path of the rows it goes over; an end that is no image comes before the first, or after the last.

    Raises ValueError where two rows share no edge.
    """
    places = places_of(graph.indptr, graph.indices, nodes)
    if (places < 0).any():
        gap = next(pair for pair, place in zip(pairwise(nodes.tolist()), places, strict=True) if place < 0)
        raise ValueError(f"rows {gap} share no edge")
    images, distances = tuple(graph.ids[nodes].tolist()), tuple(graph.weights[places].tolist())
    if isinstance(source, TemporaryNode):
        images, distances = (source.id, *images), (_joining(source, images[0]), *distances)
    if isinstance(target, TemporaryNode):
        images, distances = (*images, target.id), (*distances, _joining(target, images[-1]))
    return Path(images, distances)


def _joining(end: TemporaryNode, image_id: int) -> float:
    """Give the distance as an edge has it, rounded to float32."""
    return float(np.float32(end.distances[end.neighbours.index(image_id)]))
