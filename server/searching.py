"""Images like another, like an upload, or like some and unlike others. Knows no HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.errors import UnknownImageError, UnplacedImageError
from enfilade.images import Crop
from enfilade.queries.images import Filters, Image, find_images
from enfilade.queries.neighbours import Neighbour, image_vector, nearest
from enfilade.queries.spaces import published_space
from enfilade.spaces import Space
from server.beside import images_beside
from server.browsing import shown_image
from server.embedders import Embedders

__all__ = ["Found", "Hit", "neighbours_of", "search_members", "search_upload"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An image that was found, and its distance: the angle between the two embeddings, in radians."""

    image: Image
    distance: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, nearest first, and in which space."""

    items: list[Hit]
    space: str
    match: None = None
    """Whether one of them shows the very same work; nothing says so yet."""


def neighbours_of(
    connection: Connection,
    image_id: int,
    *,
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
) -> Found:
    """Find the images nearest to one of the collection.

    Raises UnknownImageError and RemovedImageError, UnplacedImageError, UnknownSpaceError, EmptyCollectionError.
    """
    place = published_space(connection, space)
    if not (filters and filters.narrow):
        beside = images_beside(connection, place, image_id, limit)
        if len(beside) == limit:
            return Found([Hit(*one) for one in beside], place.name)
    vector = _vector(connection, place, image_id)
    return _found(connection, place, nearest(connection, place, vector, limit=limit, filters=filters, without=image_id))


def search_upload(
    connection: Connection,
    embedders: Embedders,
    data: bytes,
    *,
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
    crop: Crop | None = None,
) -> Found:
    """Find the images nearest to a file's picture, or to a part of it. Raises RefusedImageError, UnknownSpaceError."""
    place = published_space(connection, space)
    vector = embedders.embed(connection, place, data, crop)
    return _found(connection, place, nearest(connection, place, vector, limit=limit, filters=filters))


def search_members(
    connection: Connection,
    *,
    like: Sequence[int],
    unlike: Sequence[int] = (),
    space: str | None = None,
    limit: int = 24,
    filters: Filters | None = None,
) -> Found:
    """Find the images nearest to the middle of some, less the middle of others; none of these is among them.

    Raises UnknownImageError, UnplacedImageError, UnknownSpaceError.
    """
    seeds = list(dict.fromkeys([*like, *unlike]))
    place = published_space(connection, space)
    vectors = {image_id: _vector(connection, place, image_id) for image_id in seeds}
    wanted = direction([vectors[one] for one in like], [vectors[one] for one in unlike])
    found = nearest(connection, place, wanted, limit=limit + len(seeds), filters=filters)
    return _found(connection, place, [one for one in found if one.image_id not in vectors][:limit])


def direction(like: Sequence[NDArray[np.float32]], unlike: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Point from the mean of unit vectors away from that of others: (dimensions,), of unit length.

    The mean of likes scaled to the sphere is the point with the least sum of squared chords to them. Where likes and
    unlikes cancel out there is no direction, and the first like stands for all.
    """
    mean = np.asarray(np.mean(like, axis=0), dtype=np.float64)
    if unlike:
        mean -= np.mean(unlike, axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length > 1e-6 else like[0], dtype=np.float32)  # noqa: PLR2004 — rounding


def _vector(connection: Connection, space: Space, image_id: int) -> NDArray[np.float32]:
    try:
        return image_vector(connection, space, image_id)
    except UnknownImageError as error:
        shown_image(connection, image_id)  # says more exactly what is wrong
        raise UnplacedImageError(image_id, f"the space {space.name}") from error


def _found(connection: Connection, space: Space, found: Sequence[Neighbour]) -> Found:
    images = find_images(connection, [one.image_id for one in found])
    return Found([Hit(images[one.image_id], one.distance) for one in found], space.name)
