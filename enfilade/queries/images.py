"""Images as people see them, and the filters that choose among them."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, any_, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from enfilade.errors import RemovedImageError, UnknownImageError
from enfilade.schema import image, occurrence

__all__ = ["Filters", "Image", "among", "count_images", "find_images", "image_of_file", "shown_image", "shown_images"]


@dataclass(frozen=True, slots=True)
class Image:
    """One picture of the collection, without its pixels."""

    id: int
    title: str | None
    artist: str | None
    year_from: int | None
    year_to: int | None
    style: str | None
    genre: str | None
    licence: str | None
    width: int
    height: int
    attributes: Mapping[str, Any]
    ingested_at: datetime
    hidden_at: datetime | None
    sources: Sequence[str]

    @property
    def year(self) -> str:
        """The year as people write it: "1896", "1768–1770", or nothing."""
        if self.year_from is None or self.year_from == self.year_to:
            return "" if self.year_from is None else str(self.year_from)
        return f"{self.year_from}–{self.year_to}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which images count. Nothing set lets every image that is shown through."""

    artist: str | None = None
    style: str | None = None
    genre: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give the conditions on `image`, beginning with its not being hidden."""
        conditions: list[ColumnElement[bool]] = [image.c.hidden_at.is_(None)]
        exact = {"artist": self.artist, "style": self.style, "genre": self.genre}
        conditions += [image.c[column] == wanted for column, wanted in exact.items() if wanted is not None]
        # An image counts if it may have been made in the years asked for.
        if self.year_from is not None:
            conditions.append(image.c.year_to >= self.year_from)
        if self.year_to is not None:
            conditions.append(image.c.year_from <= self.year_to)
        conditions += [_has_attribute(name, value) for name, value in self.attributes.items()]
        return conditions

    @property
    def narrow(self) -> bool:
        """Whether anything but hidden images is left out."""
        return self != Filters()


def _has_attribute(name: str, value: str) -> ColumnElement[bool]:
    """Tell whether an attribute is this text, or the number or truth value that the text spells."""
    has = image.c.attributes.contains({name: value})
    try:
        spelt = json.loads(value)
    except ValueError:
        return has
    if not isinstance(spelt, int | float) or not math.isfinite(spelt):  # JSON has no such numbers, if Python reads them
        return has
    return or_(has, image.c.attributes.contains({name: spelt}))


_sources = (
    select(
        func.coalesce(
            func.array_agg(aggregate_order_by(occurrence.c.source_uri, occurrence.c.source_uri)), text("'{}'")
        )
    )
    .where(occurrence.c.image_id == image.c.id)
    .scalar_subquery()
)
_columns = (  # in the order of Image's fields
    image.c.id,
    image.c.title,
    image.c.artist,
    image.c.year_from,
    image.c.year_to,
    image.c.style,
    image.c.genre,
    image.c.licence,
    image.c.width,
    image.c.height,
    image.c.attributes,
    image.c.ingested_at,
    image.c.hidden_at,
    _sources.label("sources"),
)


def among(column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Tell whether a column is one of these ids, however many: as one array, where IN would take a parameter each."""
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def find_images(connection: Connection, ids: Sequence[int]) -> dict[int, Image]:
    """Fetch images by id, hidden ones too; ids that no image has are left out."""
    rows: Sequence[Any] = connection.execute(select(*_columns).where(among(image.c.id, ids))).all()
    return {row.id: Image(*row) for row in rows}


def shown_image(connection: Connection, image_id: int) -> Image:
    """Fetch one image that is shown. Raises RemovedImageError for one that was, else UnknownImageError."""
    return shown_images(connection, [image_id])[0]


def shown_images(connection: Connection, ids: Sequence[int]) -> list[Image]:
    """Fetch images that must all be shown, in the order given. Raises RemovedImageError, UnknownImageError."""
    found = find_images(connection, ids)
    for image_id in ids:
        if image_id not in found:
            raise UnknownImageError(image_id)
        if found[image_id].hidden_at is not None:
            raise RemovedImageError(image_id)
    return [found[image_id] for image_id in ids]


def image_of_file(connection: Connection, sha256: bytes) -> int | None:
    """Find the image, among those that are shown, that was taken from a file of this hash."""
    found: int | None = connection.scalar(
        select(image.c.id).where(image.c.sha256 == sha256, image.c.hidden_at.is_(None))
    )
    return found


def count_images(connection: Connection) -> int:
    """Count the images that are shown."""
    return connection.scalar(select(func.count()).where(image.c.hidden_at.is_(None))) or 0
