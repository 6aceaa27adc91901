"""Which build of a graph a question is about: the one that is published, or one that a link names."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Select, select

from enfilade.errors import DroppedGraphError, EmptyCollectionError, UnknownGraphError, UnknownSpaceError
from enfilade.schema import current, graph, space

__all__ = ["GraphBuild", "find_build"]


@dataclass(frozen=True, slots=True)
class GraphBuild:
    """One build of a space's graph, as the database tells it."""

    id: int
    space_id: int
    space_name: str
    dimensions: int
    status: str
    k: int
    images: int
    edges: int
    membership: bytes
    created_at: datetime

    @property
    def key(self) -> str:
        """A name for its files, which no other build has, of this database or another."""
        told = f"{self.id} {self.created_at.isoformat()} {self.edges} {self.membership.hex()}"
        return f"{self.id}-{sha256(told.encode()).hexdigest()[:16]}"


_BUILDS: Select[tuple[int, int, str, int, str, int, int, int, bytes, datetime]] = select(
    graph.c.id,
    graph.c.space_id,
    space.c.name.label("space_name"),
    space.c.dimensions,
    graph.c.status,
    graph.c.k,
    graph.c.images,
    graph.c.edges,
    graph.c.membership,
    graph.c.created_at,
).join_from(graph, space)


def find_build(connection: Connection, *, space_name: str | None = None, graph_id: int | None = None) -> GraphBuild:
    """Find the graph of this id, or else the published graph of a space, the default one where none is named.

    Raises UnknownGraphError, DroppedGraphError, UnknownSpaceError, EmptyCollectionError.
    """
    if graph_id is None:
        return _published(connection, space_name)
    row = connection.execute(_BUILDS.where(graph.c.id == graph_id)).mappings().one_or_none()
    if row is None or space_name not in {None, row["space_name"]}:
        raise UnknownGraphError(graph_id)
    if row["status"] == "dropped":
        raise DroppedGraphError(graph_id)
    return GraphBuild(**row)


def _published(connection: Connection, space_name: str | None) -> GraphBuild:
    chosen = current.c.is_default if space_name is None else current.c.space_name == space_name
    # By the space's name, whichever version: the one graph of it that is published counts.
    query = _BUILDS.join(current, current.c.space_name == space.c.name).where(chosen, graph.c.status == "published")
    row = connection.execute(query.order_by(graph.c.id.desc()).limit(1)).mappings().one_or_none()
    if row is None:
        published = list(connection.scalars(select(current.c.space_name).order_by(current.c.space_name)))
        if space_name is None or space_name in published or not published:
            raise EmptyCollectionError
        raise UnknownSpaceError(space_name, published)
    return GraphBuild(**row)
