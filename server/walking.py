"""The walk from one image to another, with the images themselves. Knows no HTTP."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, func, select

from enfilade.errors import UnknownImageError
from enfilade.paths import PathGraph, shortest_path
from enfilade.queries.images import Image, find_images
from enfilade.queries.paths import Step
from enfilade.schema import embedding
from server.browsing import shown_images
from server.errors import BrokenLinkError, UnplacedImageError
from server.graphs import GraphBuild, Graphs, find_build
from server.mapping import KINDS

__all__ = ["Walk", "walk"]


@dataclass(frozen=True, slots=True)
class Walk:
    """Images in the order of walking, the steps between them, and over which graph they go; radians."""

    images: list[Image]
    steps: list[Step]
    length: float
    worst_step: float
    graph_id: int
    space: str


def walk(
    connection: Connection,
    graphs: Graphs,
    source: int,
    target: int,
    *,
    space: str | None = None,
    graph: int | None = None,
) -> Walk:
    """Find the shortest walk over the published graph, or over the one with this id, as a link may name it.

    Raises UnknownImageError and its like, UnplacedImageError, UnknownSpaceError, EmptyCollectionError,
    UnknownGraphError, DroppedGraphError; BrokenLinkError where the graph was named and the walk goes through an image
    that was removed since.
    """
    shown_images(connection, [source, target])
    build = find_build(connection, space_name=space, graph_id=graph)
    images, steps = _way(connection, graphs, build, source, target)
    if any(image.hidden_at for image in images):
        if graph is not None:
            raise BrokenLinkError(graph)
        images, steps = _without_hidden(connection, build, images, steps)
    distances = [step.distance for step in steps]
    return Walk(images, steps, math.fsum(distances), max(distances, default=0.0), build.id, build.space_name)


def _way(
    connection: Connection, graphs: Graphs, build: GraphBuild, source: int, target: int
) -> tuple[list[Image], list[Step]]:
    if source == target:  # which may be in no edge, if it is the only one
        return shown_images(connection, [source]), []
    mapped = graphs.open(connection, build)
    ids, distances = _search(mapped, build, source, target)
    images = find_images(connection, ids)
    pairs = zip(pairwise(ids), distances, strict=True)
    steps = [Step(*pair, distance, KINDS[mapped.kind(*pair)]) for pair, distance in pairs]
    return [images[image_id] for image_id in ids], steps


def _search(mapped: PathGraph, build: GraphBuild, source: int, target: int) -> tuple[Sequence[int], Sequence[float]]:
    try:
        path = shortest_path(mapped, source, target)
    except UnknownImageError as error:
        raise UnplacedImageError(error.image_id, f"graph {build.id}") from error
    return path.images, path.distances


def _without_hidden(
    connection: Connection, build: GraphBuild, images: list[Image], steps: list[Step]
) -> tuple[list[Image], list[Step]]:
    """Step over the images that were removed: for the seconds until a graph without them is published.

    The step over them is a bridge, and as long as the angle between its ends.
    """
    shown = [image for image in images if image.hidden_at is None]
    kept = {(step.source, step.target): step for step in steps}
    pairs = [(one.id, other.id) for one, other in pairwise(shown)]
    return shown, [kept.get(pair) or Step(*pair, _angle(connection, build.space_id, *pair), "bridge") for pair in pairs]


def _angle(connection: Connection, space_id: int, source: int, target: int) -> float:
    one, other = embedding.alias(), embedding.alias()
    query = (
        select(func.enfilade.angle(one.c.vector, other.c.vector))
        .join_from(one, other, one.c.space_id == other.c.space_id)
        .where(one.c.space_id == space_id, one.c.image_id == source, other.c.image_id == target)
    )
    return float(connection.execute(query).scalar_one())
