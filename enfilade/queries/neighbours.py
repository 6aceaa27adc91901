"""The images nearest to a place in a space, by HNSW in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Connection, Select, bindparam, cast, func, literal, select, text

from enfilade.database import EF_SEARCH
from enfilade.errors import UnknownImageError
from enfilade.queries.images import Filters, among
from enfilade.schema import embedding, image
from enfilade.spaces import Space

__all__ = ["Neighbour", "distances_to", "image_vector", "nearest", "neighbours", "places_of_file"]

LARGEST_EF_SEARCH = 1000  # pgvector's own bound


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An image and its distance: the angle between the two embeddings, in radians.

    duplicates: the others that show the same work, where this one stands for them.
    """

    image_id: int
    distance: float
    duplicates: tuple[int, ...] = ()


def neighbours(
    connection: Connection, space: Space, image_id: int, *, limit: int = 24, filters: Filters | None = None
) -> list[Neighbour]:
    """Find the images nearest to one of the collection, itself left out. Raises UnknownImageError."""
    place = image_vector(connection, space, image_id)
    return nearest(connection, space, place, limit=limit, filters=filters, without=image_id)


def image_vector(connection: Connection, space: Space, image_id: int) -> NDArray[np.float32]:
    """Fetch the place of an image that is shown: (dimensions,). Raises UnknownImageError."""
    query = (
        select(embedding.c.vector)
        .join(image, image.c.id == embedding.c.image_id)
        .where(embedding.c.space_id == space.id, image.c.id == image_id, image.c.hidden_at.is_(None))
    )
    found = connection.scalar(query)
    if found is None:
        raise UnknownImageError(image_id)
    return np.asarray(found, dtype=np.float32)


def places_of_file(
    connection: Connection, sha256: bytes | None, space_ids: Sequence[int]
) -> dict[int, NDArray[np.float32]]:
    """Fetch where the image of a file lies in some spaces, by the space's id; nothing where no image shown is of it."""
    if sha256 is None:
        return {}
    query = (
        select(embedding.c.space_id, embedding.c.vector)
        .join(image, image.c.id == embedding.c.image_id)
        .where(image.c.sha256 == sha256, image.c.hidden_at.is_(None), among(embedding.c.space_id, space_ids))
    )
    return {row[0]: np.asarray(row[1], dtype=np.float32) for row in connection.execute(query)}


def nearest(
    connection: Connection,
    space: Space,
    place: NDArray[np.float32],
    *,
    limit: int = 24,
    filters: Filters | None = None,
    without: int | None = None,
    exact: bool = False,
) -> list[Neighbour]:
    """Find the images nearest to a place (dimensions,) in a space, nearest first, ties by id.

    By the space's HNSW index. Where that gives fewer than `limit` under a filter, an exact scan answers instead, so a
    filter never starves a result; one that is wanted `exact` is answered by a scan alone.
    """
    filters = filters or Filters()
    if exact:
        return _run(connection, _query(space, filters, without, indexed=False), place, limit)
    if 2 * limit > EF_SEARCH:
        wider = min(2 * limit, LARGEST_EF_SEARCH)
        connection.execute(text("SELECT set_config('hnsw.ef_search', :wider, true)"), {"wider": str(wider)})
    found = _run(connection, _query(space, filters, without, indexed=True), place, limit)
    if len(found) < limit:
        found = _run(connection, _query(space, filters, without, indexed=False), place, limit)
    return found


def distances_to(
    connection: Connection, space: Space, place: NDArray[np.float32], ids: Sequence[int], filters: Filters
) -> list[Neighbour]:
    """Measure how far some images are from a place (dimensions,); those that a filter leaves out are left out."""
    probe = cast(bindparam("place", type_=VECTOR(space.dimensions)), VECTOR(space.dimensions))
    query = select(embedding.c.image_id, func.enfilade.angle(embedding.c.vector, probe)).join(
        image, image.c.id == embedding.c.image_id
    )
    wanted = query.where(embedding.c.space_id == space.id, among(image.c.id, ids), *filters.conditions())
    return [Neighbour(*row) for row in connection.execute(wanted, {"place": place})]


def _query(space: Space, filters: Filters, without: int | None, *, indexed: bool) -> Select[Any]:
    # The index is on vector::vector(d): without that cast it is not used, which the exact scan makes use of.
    column = cast(embedding.c.vector, VECTOR(space.dimensions)) if indexed else embedding.c.vector
    cosine_distance = column.op("<=>")(
        cast(bindparam("place", type_=VECTOR(space.dimensions)), VECTOR(space.dimensions))
    )
    query = (
        select(embedding.c.image_id, func.enfilade.angle(embedding.c.vector, bindparam("place")).label("distance"))
        .join(image, image.c.id == embedding.c.image_id)
        # The space's id stands in the SQL itself, so that the planner sees one partition.
        .where(embedding.c.space_id == literal(space.id, literal_execute=True), *filters.conditions())
        .order_by(cosine_distance)
        .limit(bindparam("limit"))
    )
    return query if without is None else query.where(embedding.c.image_id != without)


def _run(connection: Connection, query: Select[Any], place: NDArray[np.float32], limit: int) -> list[Neighbour]:
    rows = connection.execute(query, {"place": place, "limit": limit}).all()
    return sorted((Neighbour(*row) for row in rows), key=lambda found: (found.distance, found.image_id))
