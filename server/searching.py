"""Images like another, like an upload, or like some and unlike others. Knows no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from enfilade.confidence import Verdict
from enfilade.images import Brought
from enfilade.judges import Judges
from enfilade.queries.duplicates import distinct, each_once, with_duplicates, works_of
from enfilade.queries.images import Filters, Image, find_images
from enfilade.queries.members import middle, near_members
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.spaces import published_space
from enfilade.spaces import Space
from enfilade.worth import Worth
from server.beside import images_beside

__all__ = ["Found", "Hit", "neighbours_of", "search_members", "search_upload"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An image that was found, and its distance: the angle between the two embeddings, in radians.

    duplicates: the others that show the same work.
    """

    image: Image
    distance: float
    duplicates: tuple[int, ...] = ()
    worth: Worth = field(default_factory=Worth)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, nearest first, and in which space."""

    items: list[Hit]
    space: str
    space_id: int
    match: Verdict | None = None
    """Whether one of them shows this very work; None where nobody asked, or nothing was calibrated yet."""


def neighbours_of(
    connection: Connection,
    image_id: int,
    *,
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
    duplicates: bool = False,
) -> Found:
    """Find the images nearest to one of the collection; of each other work the nearest, unless duplicates are wanted.

    Raises UnknownImageError and RemovedImageError, UnplacedImageError, UnknownSpaceError, EmptyCollectionError.
    """
    place = published_space(connection, space)
    if not (filters and filters.narrow):
        hits = _beside(connection, place, image_id, limit, duplicates=duplicates)
        if len(hits) == limit:
            return Found(hits, place.name, place.id)
    vector = middle(connection, place, [image_id])

    def find(count: int) -> list[Neighbour]:
        return nearest(connection, place, vector, limit=count, filters=filters, without=image_id)

    return _found(connection, place, distinct(connection, find, limit, without=[image_id], duplicates=duplicates))


def search_upload(
    connection: Connection,
    judges: Judges,
    brought: Brought,
    *,
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
    duplicates: bool = False,
) -> Found:
    """Find the images nearest to a picture that was brought, what shows this very work before all others.

    Of each work the nearest, unless duplicates are wanted. Raises UnknownSpaceError, EmptyCollectionError and
    BackboneError.
    """
    judged = judges.judge(connection, brought, space)
    kept = judged.find(connection, limit, filters or Filters(), duplicates=duplicates)
    found = _found(connection, judged.space, kept)
    worth = judged.worth(connection, kept, {hit.image.id: hit.image for hit in found.items})
    items = [replace(hit, worth=its) for hit, its in zip(found.items, worth, strict=True)]
    return replace(found, items=items, match=judged.verdict_on(kept))


def search_members(
    connection: Connection,
    *,
    like: Sequence[int],
    unlike: Sequence[int] = (),
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
    duplicates: bool = False,
) -> Found:
    """Find the images nearest to the middle of some, less the middle of others; none of these is among them.

    Nor is what shows the same work as one of these, and of each other work the nearest alone, unless duplicates are
    wanted. Raises UnknownImageError, UnplacedImageError, UnknownSpaceError.
    """
    place = published_space(connection, space)
    found = near_members(
        connection, place, like=like, unlike=unlike, limit=limit, filters=filters, duplicates=duplicates
    )
    return _found(connection, place, found)


def _beside(connection: Connection, space: Space, image_id: int, limit: int, *, duplicates: bool) -> list[Hit]:
    """Find the nearest by the shortest way; fewer than `limit` where that does not do."""
    beside = {image.id: (image, distance) for image, distance in images_beside(connection, space, image_id, limit)}
    found = [Neighbour(image.id, distance) for image, distance in beside.values()]
    works = works_of(connection, [image_id, *beside])
    kept = with_duplicates(found, works) if duplicates else each_once(found, works, [image_id])
    return [Hit(beside[one.image_id][0], one.distance, one.duplicates) for one in kept]


def _found(connection: Connection, space: Space, found: Sequence[Neighbour]) -> Found:
    images = find_images(connection, [one.image_id for one in found])
    return Found([Hit(images[one.image_id], one.distance, one.duplicates) for one in found], space.name, space.id)
