"""Take images out of a collection, and bring them back: hidden at once, then left out of the next graph."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, not_, or_, select, update

from enfilade.errors import SourceError, UnknownImageError
from enfilade.queries.images import Image, among, find_images
from enfilade.schema import image, keypoint, occurrence

__all__ = ["find_shown", "hidden_images", "hide", "images_of_source", "show"]


def find_shown(connection: Connection, ids: Sequence[int]) -> list[Image]:
    """Fetch images by id. Raises UnknownImageError for one that is not there, or already hidden."""
    found = find_images(connection, ids)
    for image_id in ids:
        if image_id not in found or found[image_id].hidden_at:
            raise UnknownImageError(image_id)
    return [found[image_id] for image_id in dict.fromkeys(ids)]


def images_of_source(connection: Connection, source: str) -> list[int]:
    """List the images that are shown and were found in this folder or manifest, and nowhere else.

    Raises SourceError where nothing was ever found there.
    """
    if connection.scalar(select(func.count()).where(_found_in(source))) == 0:
        raise SourceError(f"Nothing was ever taken from {source}.")
    elsewhere = select(occurrence.c.image_id).where(not_(_found_in(source)))
    query = (
        select(image.c.id)
        .join(occurrence, occurrence.c.image_id == image.c.id)
        .where(_found_in(source), image.c.hidden_at.is_(None), image.c.id.not_in(elsewhere))
        .distinct()
        .order_by(image.c.id)
    )
    return list(connection.scalars(query))


def _found_in(source: str) -> ColumnElement[bool]:
    """Tell whether a file came from this manifest, or lies in this folder."""
    return or_(occurrence.c.source == source, occurrence.c.source_uri.startswith(f"{source}/", autoescape=True))


def hidden_images(connection: Connection, source: str | None = None) -> list[int]:
    """List the images that are hidden: all, or those that were found in this folder or manifest."""
    query = select(image.c.id).where(image.c.hidden_at.is_not(None)).order_by(image.c.id)
    if source is not None:
        query = query.where(image.c.id.in_(select(occurrence.c.image_id).where(_found_in(source))))
    return list(connection.scalars(query))


def hide(connection: Connection, ids: Sequence[int]) -> None:
    """Hide images everywhere, as soon as this transaction ends."""
    connection.execute(update(image).where(among(image.c.id, ids)).values(hidden_at=func.now()))


def show(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Show hidden images again; gives those that were hidden. Raises UnknownImageError."""
    found = find_images(connection, ids)
    for image_id in ids:
        if image_id not in found:
            raise UnknownImageError(image_id)
    hidden = [image_id for image_id in dict.fromkeys(ids) if found[image_id].hidden_at]
    connection.execute(update(image).where(among(image.c.id, hidden)).values(hidden_at=None))
    # Images that came meanwhile were not compared with them.
    connection.execute(update(keypoint).where(among(keypoint.c.image_id, hidden)).values(compared=None))
    return hidden
