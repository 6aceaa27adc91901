"""The collection page by page, and what it can be narrowed by. Knows no HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select, tuple_

from enfilade.queries.images import Filters, Image, find_images
from enfilade.schema import image
from server.cursors import read_cursor, write_cursor
from server.errors import BadParametersError

__all__ = ["FACETS", "SORTS", "Facet", "ImagePage", "browse", "facets", "locate"]

FACETS: Final = {"artist": image.c.artist, "style": image.c.style, "genre": image.c.genre}
MOST_FACETS = 200
SEARCHED: Final = (image.c.title, image.c.artist, image.c.style, image.c.genre)


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Some images in their order, a cursor to those after them, and how many there are in all."""

    items: list[Image]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that images have, and how many of them."""

    value: str
    count: int


def _text_keys(column: ColumnElement[str | None]) -> tuple[ColumnElement[Any], ...]:
    # What is unknown comes last; the id makes every key different.
    return column.is_(None), func.lower(func.coalesce(column, "")), image.c.id


_KEYS: Final[Mapping[str, tuple[ColumnElement[Any], ...]]] = {
    "id": (image.c.id,),
    "newest": (-image.c.id,),
    # By the hash of the file's bytes: what was ingested together does not hang together, and the order stays the same.
    "mixed": (func.encode(image.c.sha256, "hex"), image.c.id),
    "title": _text_keys(image.c.title),
    "artist": _text_keys(image.c.artist),
    "year": (image.c.year_from.is_(None), func.coalesce(image.c.year_from, 0), image.c.id),
}
_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "id": (int,),
    "newest": (int,),
    "mixed": (str, int),
    "title": (bool, str, int),
    "artist": (bool, str, int),
    "year": (bool, int, int),
}
SORTS: Final = tuple(_KEYS)


def browse(
    connection: Connection,
    filters: Filters,
    *,
    q: str | None = None,
    sort: str = "id",
    limit: int = 24,
    cursor: str | None = None,
) -> ImagePage:
    """Give a page of the images that are shown, those after the cursor. Raises BadParametersError, UnknownCursorError.

    A page begins after the keys of the last one's end, not after a number of rows, so that images which come or go
    meanwhile make no other appear twice or never.
    """
    if sort not in _KEYS:
        raise BadParametersError({"sort": f"is {sort!r}; it must be one of {', '.join(SORTS)}"})
    keys = _KEYS[sort]
    conditions = _conditions(filters, q)
    query = select(*keys).where(*conditions).order_by(*keys).limit(limit + 1)
    if cursor is not None:
        query = query.where(tuple_(*keys) > _read(cursor, sort))
    rows = [tuple(row) for row in connection.execute(query)]
    shown = rows[:limit]
    ids = [abs(row[-1]) for row in shown]
    images = find_images(connection, ids)
    return ImagePage(
        items=[images[image_id] for image_id in ids],
        next=write_cursor(sort, shown[-1]) if len(rows) > limit else None,
        total=connection.scalar(select(func.count()).where(*conditions)) or 0,
    )


def locate(
    connection: Connection,
    filters: Filters,
    *,
    q: str | None = None,
    sort: str = "id",
    limit: int = 24,
    cursor: str,
) -> tuple[int, str | None]:
    """Count the images up to a cursor, and give the cursor of the page before: None where that is the first one.

    Raises UnknownCursorError.
    """
    keys = _KEYS[sort]
    conditions = [*_conditions(filters, q), tuple_(*keys) <= _read(cursor, sort)]
    before = select(*keys).where(*conditions).order_by(*(key.desc() for key in keys)).offset(limit).limit(1)
    row = connection.execute(before).one_or_none()
    count = connection.scalar(select(func.count()).where(*conditions)) or 0
    return count, None if row is None else write_cursor(sort, tuple(row))


def facets(connection: Connection, filters: Filters, q: str | None = None) -> dict[str, list[Facet]]:
    """Count the values of artist, style and genre, commonest first; each under the filters on the others.

    So a choice of one artist does not hide that there are others to choose.
    """
    return {name: _facet(connection, name, _without(filters, name), q) for name in FACETS}


def _read(cursor: str, sort: str) -> ColumnElement[Any]:
    return tuple_(*(literal(key) for key in read_cursor(cursor, sort, _KINDS[sort])))


def _without(filters: Filters, name: str) -> Filters:
    others: dict[str, Any] = {name: None}
    return replace(filters, **others)


def _facet(connection: Connection, name: str, filters: Filters, q: str | None) -> list[Facet]:
    column = FACETS[name]
    query = (
        select(column, func.count())
        .where(column.is_not(None), *_conditions(filters, q))
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(MOST_FACETS)
    )
    return [Facet(*row) for row in connection.execute(query)]


def _conditions(filters: Filters, q: str | None) -> list[ColumnElement[bool]]:
    """Give the conditions on `image`: the filters, and each word of q somewhere in its description."""
    words = (q or "").split()
    return [
        *filters.conditions(),
        *(or_(*(column.icontains(word, autoescape=True) for column in SEARCHED)) for word in words),
    ]
