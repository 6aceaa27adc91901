"""Walks between images, with the images themselves and why each step is taken. Knows no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from sqlalchemy import Connection, func, select

from enfilade.errors import BetweenOutOfRangeError, NoPathError, UnknownImageError
from enfilade.paths import Path
from enfilade.queries.builds import GraphBuild, find_build
from enfilade.queries.images import Image, find_images, shown_images
from enfilade.queries.paths import Answer, Question, Sources, answer
from enfilade.queries.steps import Step, explain
from enfilade.schema import embedding, image
from server.embedders import Embedders
from server.errors import BrokenLinkError
from server.graphs import Graphs, OpenGraph

__all__ = ["Walk", "Walks", "walk"]


@dataclass(frozen=True, slots=True)
class Walk:
    """The images of a path in the order of walking, and its steps; radians.

    A picture that was brought is none of the images: so there is one step fewer than images, and one more for each end
    that was brought.
    """

    images: list[Image]
    steps: tuple[Step, ...]
    length: float
    worst_step: float
    variation: float


@dataclass(frozen=True, slots=True)
class Walks:
    """What was asked, the walks that answer it, the best first, and over which graph they go."""

    question: Question
    walks: list[Walk]
    graph_id: int
    space: str
    space_id: int


def walk(
    connection: Connection,
    graphs: Graphs,
    embedders: Embedders,
    question: Question,
    *,
    space: str | None = None,
    graph: int | None = None,
) -> Walks:
    """Find walks over the published graph, or over the one with this id, as a link may name it.

    Raises UnknownImageError and its like, UnplacedImageError, UnknownSpaceError, EmptyCollectionError,
    UnknownGraphError, DroppedGraphError, what enfilade.paths.find_paths raises, for a picture that is brought
    RefusedImageError and BackboneError; BrokenLinkError where the graph was named and a walk goes through an image that
    was removed since.
    """
    _check(connection, question)
    build = find_build(connection, space_name=space, graph_id=graph)
    opened = graphs.open(connection, build) if graph else graphs.open_published(connection, build)
    if not all(len(opened.graph.find([stop])) for stop in question.stops):
        opened = graphs.open(connection, build)  # what the graph before it lacks, it may have
    sources = Sources(partial(opened.vectors, connection), partial(embedders.embed, connection))
    found = answer(connection, opened.build, opened.graph, question, sources, kept=graph is not None)
    images = _images(connection, found.paths)
    if not _whole(found.paths, images):
        if graph is not None:
            raise BrokenLinkError(graph)
        return _around_hidden(connection, opened, question, sources, found)
    return _walks(connection, opened, question, found, images)


def _check(connection: Connection, question: Question) -> None:
    shown_images(connection, question.stops)
    known = find_images(connection, question.avoid) if question.avoid else {}
    for image_id in question.avoid:
        if image_id not in known:
            raise UnknownImageError(image_id)


def _images(connection: Connection, paths: Sequence[Path]) -> dict[int, Image]:
    return find_images(connection, sorted({one for path in paths for one in path.images if one >= 0}))


def _whole(paths: Sequence[Path], images: dict[int, Image]) -> bool:
    return all(images[one].hidden_at is None for path in paths for one in path.images if one >= 0)


def _walks(
    connection: Connection, opened: OpenGraph, question: Question, found: Answer, images: dict[int, Image]
) -> Walks:
    explained = explain(connection, opened.build, opened.graph, found.paths, found.guests)
    walks = [
        Walk([images[one] for one in path.images if one >= 0], steps, path.length, path.worst_step, path.variation)
        for path, steps in zip(found.paths, explained, strict=True)
    ]
    return Walks(question, walks, opened.build.id, opened.build.space_name, opened.build.space_id)


def _around_hidden(
    connection: Connection, opened: OpenGraph, question: Question, sources: Sources, found: Answer
) -> Walks:
    """Keep off the images that were removed: for the seconds until a graph without them is published.

    Where they can't be kept off, a walk steps over them: by a bridge as long as the angle between its ends.
    """
    hidden = tuple(connection.scalars(select(image.c.id).where(image.c.hidden_at.is_not(None))))
    try:
        other = answer(
            connection, opened.build, opened.graph, replace(question, avoid=(*question.avoid, *hidden)), sources
        )
        images = _images(connection, other.paths)
        return _walks(connection, opened, question, other, images)
    except (BetweenOutOfRangeError, NoPathError):
        images = _images(connection, found.paths)
        whole = _walks(connection, opened, question, found, images)
        return replace(whole, walks=[_stepping_over(connection, opened.build, one) for one in whole.walks])


def _stepping_over(connection: Connection, build: GraphBuild, walk: Walk) -> Walk:
    hidden = {image.id for image in walk.images if image.hidden_at}
    kept = {(step.source, step.target): step for step in walk.steps}
    stops = [walk.steps[0].source, *(step.target for step in walk.steps)]
    pairs = pairwise([stop for stop in stops if stop not in hidden])
    steps = tuple(kept.get(pair) or _bridge(connection, build, *pair) for pair in pairs)
    path = Path((), tuple(step.distance for step in steps))
    images = [image for image in walk.images if image.id not in hidden]
    return Walk(images, steps, path.length, path.worst_step, path.variation)


def _bridge(connection: Connection, build: GraphBuild, source: int | None, target: int | None) -> Step:
    one, other = embedding.alias(), embedding.alias()
    query = (
        select(func.enfilade.angle(one.c.vector, other.c.vector))
        .join_from(one, other, one.c.space_id == other.c.space_id)
        .where(one.c.space_id == build.space_id, one.c.image_id == source, other.c.image_id == target)
    )
    return Step(source, target, float(connection.execute(query).scalar_one()), "bridge", percentile=100.0)
