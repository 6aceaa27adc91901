"""Which spaces and graphs are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from enfilade.errors import EmptyCollectionError, UnknownSpaceError
from enfilade.placing import Placer
from enfilade.schema import current, graph, space
from enfilade.spaces import Space

__all__ = [
    "PublishedGraph",
    "choose_space",
    "load_placer",
    "published_graphs",
    "published_space",
    "published_spaces",
    "space_of_id",
]


@dataclass(frozen=True, slots=True)
class PublishedGraph:
    """A space as it is published, and the graph that is published for it."""

    space_id: int
    space_name: str
    space_version: int
    is_default: bool
    dimensions: int
    fitted_on: int
    graph_id: int | None
    k: int | None
    images: int | None
    edges: int | None
    components_before: int | None
    recall: float | None
    statistics: dict[str, Any] | None
    published_at: datetime | None


_FIELDS = (
    space.c.id,
    space.c.name,
    space.c.version,
    space.c.dimensions,
    space.c.fitted_on,
    space.c.recipe,
    space.c.extractor_ids,
)


def published_space(connection: Connection, name: str | None = None) -> Space:
    """Find a published space, the default one where none is named. Raises UnknownSpaceError, EmptyCollectionError."""
    return choose_space(published_spaces(connection), name)


def choose_space(published: Sequence[Space], name: str | None = None) -> Space:
    """Choose among all that are published, the default one first. Raises UnknownSpaceError, EmptyCollectionError."""
    if not published:
        raise EmptyCollectionError
    found = next((one for one in published if name in {None, one.name}), None)
    if found is None:
        raise UnknownSpaceError(str(name), sorted(one.name for one in published))
    return found


def space_of_id(connection: Connection, space_id: int) -> Space:
    """Fetch a version of a space, which may be retired. Raises sqlalchemy.exc.NoResultFound."""
    return Space(**connection.execute(select(*_FIELDS).where(space.c.id == space_id)).mappings().one())


def published_spaces(connection: Connection) -> list[Space]:
    """List every published space, the default one first."""
    query = select(*_FIELDS).join_from(current, space).order_by(current.c.is_default.desc(), space.c.name)
    return [Space(**row) for row in connection.execute(query).mappings()]


def load_placer(connection: Connection, fitted: Space) -> Placer:
    """Load what was fitted for a space; megabytes, so not for every request."""
    parameters = connection.execute(select(space.c.parameters).where(space.c.id == fitted.id)).scalar_one()
    return Placer.from_bytes(parameters, fitted.recipe)


def published_graphs(connection: Connection) -> list[PublishedGraph]:
    """List every published space with its graph, the default space first."""
    query = (
        select(
            space.c.id.label("space_id"),
            space.c.name.label("space_name"),
            space.c.version.label("space_version"),
            current.c.is_default,
            space.c.dimensions,
            space.c.fitted_on,
            graph.c.id.label("graph_id"),
            graph.c.k,
            graph.c.images,
            graph.c.edges,
            graph.c.components_before,
            graph.c.recall,
            graph.c.statistics,
            graph.c.published_at,
        )
        .select_from(current)
        .join(space, space.c.id == current.c.space_id)
        .outerjoin(graph, graph.c.id == current.c.graph_id)
        .order_by(current.c.is_default.desc(), space.c.name)
    )
    return [PublishedGraph(**row) for row in connection.execute(query).mappings()]
