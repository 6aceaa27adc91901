"""Answer what is asked for about paths, over a graph in memory and the tables beside it. Knows no HTTP."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from enfilade.errors import BetweenOutOfRangeError, NoPathError, UnknownImageError, UnplacedImageError
from enfilade.images import sha256
from enfilade.paths import (
    End,
    Even,
    Limits,
    Mode,
    Path,
    PathGraph,
    Shortest,
    Smooth,
    TemporaryNode,
    find_paths,
    spare_images,
)
from enfilade.queries.builds import GraphBuild
from enfilade.queries.duplicates import all_groups
from enfilade.queries.images import Filters, image_of_file
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.spaces import space_of_id
from enfilade.schema import image
from enfilade.spaces import Space

__all__ = ["MODES", "Answer", "Question", "Sources", "answer"]

MODES: Final = ("shortest", "smooth", "even")
MOST_LOOKED_AT = 1000
SAME = 1e-3
"""Radians within which a picture that is brought is taken for the image it is nearest to, where it is not its file."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Question:
    """What paths are asked for; see enfilade.paths.find_paths.

    source, target: an image by its id, or the bytes of a picture's file. between: for the mode even, None to choose.
    """

    source: int | bytes
    target: int | bytes
    mode: str = "shortest"
    between: int | None = None
    via: tuple[int, ...] = ()
    avoid: tuple[int, ...] = ()
    filters: Filters = field(default_factory=Filters)
    alternatives: int = 1

    @property
    def members_only(self) -> bool:
        """Whether both ends are images of the collection."""
        return isinstance(self.source, int) and isinstance(self.target, int)

    @property
    def stops(self) -> list[int]:
        """The images that it names as ends and waypoints."""
        return [stop for stop in (self.source, *self.via, self.target) if isinstance(stop, int)]


@dataclass(frozen=True, slots=True)
class Sources:
    """What an answer may need beyond the graph, fetched only then.

    vectors: the places of the graph's rows (n, d), in their order. embed: places a file's bytes in a space, (d,), and
    raises RefusedImageError and BackboneError.
    """

    vectors: Callable[[], Vectors]
    embed: Callable[[Space, bytes], Vectors]


@dataclass(frozen=True, slots=True)
class Answer:
    """Paths, the best first. guests: the pictures that were brought, by the negative ids that paths have for them."""

    paths: list[Path]
    guests: Mapping[int, TemporaryNode]


def answer(
    connection: Connection,
    build: GraphBuild,
    graph: PathGraph,
    question: Question,
    sources: Sources,
    *,
    kept: bool = False,
) -> Answer:
    """Find the paths that are asked for. Of each work they come by one image alone, where there is such a way.

    kept: as when the graph was published, by images removed since, too.

    Raises UnplacedImageError for an image that the graph lacks, and what enfilade.paths.find_paths and the sources
    raise.
    """
    source = _end(connection, build, graph, question.source, sources, name=-1)
    target = _end(connection, build, graph, question.target, sources, name=-2)
    limits = _limits(connection, graph, question, kept=kept)
    stops = [stop for stop in (source, *question.via, target) if isinstance(stop, int)]
    spare = spare_images(graph, all_groups(connection), limits, stops)
    find = partial(
        find_paths, graph, source, target, _mode(question, sources), via=question.via,
        alternatives=question.alternatives,
    )  # fmt: skip
    try:
        paths = _sparing(find, limits, spare)
    except UnknownImageError as error:
        raise UnplacedImageError(error.image_id, f"graph {build.id}") from error
    return Answer(paths, {end.id: end for end in (source, target) if isinstance(end, TemporaryNode)})


def _sparing(find: Callable[..., list[Path]], limits: Limits, spare: Collection[int]) -> list[Path]:
    """Keep off those to be spared too, and where nothing joins the ends then, not."""
    if spare:
        with suppress(NoPathError, BetweenOutOfRangeError):
            return find(limits=replace(limits, avoid={*limits.avoid, *spare}))
    return find(limits=limits)


def _mode(question: Question, sources: Sources) -> Mode:
    if question.mode == "even":
        return Even(sources.vectors(), question.between)
    return Smooth() if question.mode == "smooth" else Shortest()


def _end(
    connection: Connection, build: GraphBuild, graph: PathGraph, end: int | bytes, sources: Sources, *, name: int
) -> End:
    """Join a picture that is brought to the images of the graph that are nearest to it; a member walks as itself."""
    if isinstance(end, int):
        return end
    member = image_of_file(connection, sha256(end))
    if member is not None and len(graph.find([member])):
        return member
    space = space_of_id(connection, build.space_id)
    vector = sources.embed(space, end)
    near = _near(connection, space, vector, graph, max(build.k, 1))
    if near and near[0].distance < SAME:
        return near[0].image_id
    return TemporaryNode(
        tuple(one.image_id for one in near), tuple(one.distance for one in near), np.asarray(vector), id=name
    )


def _near(connection: Connection, space: Space, vector: Vectors, graph: PathGraph, k: int) -> list[Neighbour]:
    """Find the k nearest that the graph has: an earlier one lacks what came since."""
    limit = k
    while True:
        found = nearest(connection, space, vector, limit=limit)
        near = [one for one in found if len(graph.find([one.image_id]))][:k]
        if len(near) == k or len(found) < limit or limit > MOST_LOOKED_AT:
            return near
        limit *= 4


def _limits(connection: Connection, graph: PathGraph, question: Question, *, kept: bool) -> Limits:
    """Close what is to be avoided, and what a filter does not let through.

    Removed images can't be let through, so they are avoided. In a kept graph they still count, as when its links were
    made: a walk through one is told to be gone, instead of changing.
    """
    if not question.filters.narrow:
        return Limits(question.avoid)
    shown, *others = question.filters.conditions()
    ids = connection.scalars(select(image.c.id).where(*others) if kept else select(image.c.id).where(shown, *others))
    allowed = np.zeros(len(graph.ids), dtype=np.bool_)
    allowed[graph.find(np.fromiter(ids, dtype=np.int64))] = True
    removed = () if kept else connection.scalars(select(image.c.id).where(image.c.hidden_at.is_not(None)))
    return Limits((*question.avoid, *removed), allowed)
