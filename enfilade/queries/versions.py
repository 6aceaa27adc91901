"""The versions of spaces, published or kept, and where their images are in two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, func, select

from enfilade.copying import copy_out, integer, vector, whole
from enfilade.errors import SpaceVersionError, UnknownSpaceError
from enfilade.schema import current, space
from enfilade.spaces import Space

__all__ = ["SpaceVersion", "find_version", "list_versions", "places_in_both"]

BOTH = """
    SELECT i.id, a.vector, b.vector FROM enfilade.image AS i
    JOIN enfilade.embedding AS a ON a.image_id = i.id AND a.space_id = {first}
    JOIN enfilade.embedding AS b ON b.image_id = i.id AND b.space_id = {second}
    WHERE i.hidden_at IS NULL ORDER BY i.id
"""


@dataclass(frozen=True, slots=True)
class SpaceVersion:
    """A space that was built, what became of it, and how good it was found to be."""

    space: Space
    status: str
    is_default: bool
    evaluation: Mapping[str, Any]
    created_at: datetime
    retired_at: datetime | None


_COLUMNS = (
    space.c.id,
    space.c.name,
    space.c.version,
    space.c.dimensions,
    space.c.fitted_on,
    space.c.recipe,
    space.c.extractor_ids,
    space.c.status,
    space.c.evaluation,
    space.c.created_at,
    space.c.retired_at,
    current.c.is_default,
)


def list_versions(connection: Connection, name: str | None = None) -> list[SpaceVersion]:
    """List the versions of one space or of all, the default space first, each space's newest version first.

    Dropped ones, whose places are gone, are left out.
    """
    of_default = func.coalesce(func.bool_or(current.c.is_default).over(partition_by=space.c.name), False)
    query = (
        select(*_COLUMNS)
        .select_from(space)
        .outerjoin(current, current.c.space_id == space.c.id)
        .where(space.c.status != "dropped")
        .order_by(of_default.desc(), space.c.name, space.c.version.desc())
    )
    if name is not None:
        query = query.where(space.c.name == name)
    return [_version(dict(row)) for row in connection.execute(query).mappings()]


def find_version(connection: Connection, name: str, version: int | None = None) -> SpaceVersion:
    """Find a version of a space; without a number the published one. Raises UnknownSpaceError, SpaceVersionError."""
    versions = list_versions(connection, name)
    chosen = [
        one for one in versions if (one.status == "published" if version is None else one.space.version == version)
    ]
    if chosen:
        return chosen[0]
    if not versions or version is None:
        published = list(connection.scalars(select(current.c.space_name).order_by(current.c.space_name)))
        raise UnknownSpaceError(name, published)
    raise SpaceVersionError(name, version, [one.space.version for one in versions])


def places_in_both(
    connection: Connection, first: Space, second: Space
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Load the images that are placed in both spaces: ids (n,), ascending, and their places, (n, d) in each."""
    fields = [integer("id"), vector("a", first.dimensions), vector("b", second.dimensions)]
    both = whole(copy_out(connection, sql.SQL(BOTH).format(first=first.id, second=second.id), fields), fields)
    return both["id"], both["a"], both["b"]


def _version(fields: dict[str, Any]) -> SpaceVersion:
    rest = {name: fields.pop(name) for name in ("status", "evaluation", "created_at", "retired_at")}
    is_default = bool(fields.pop("is_default"))
    return SpaceVersion(Space(**fields), is_default=is_default, **rest)
