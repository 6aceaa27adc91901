"""Paths between images, over the published graph of a space."""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select, tuple_

from enfilade.errors import EmptyCollectionError
from enfilade.paths import Path, shortest_path
from enfilade.queries.graphs import load_graph
from enfilade.queries.spaces import published_space
from enfilade.schema import current, edge

__all__ = ["FoundPath", "Step", "find_path", "steps_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: its angle in radians, and what kind of edge it takes (knn, mutual or bridge)."""

    source: int
    target: int
    distance: float
    kind: str

    def as_dict(self) -> dict[str, Any]:
        """Give the step as JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path, its steps, and the graph that it goes over."""

    path: Path
    steps: tuple[Step, ...]
    graph_id: int


def find_path(connection: Connection, source: int, target: int, space: str | None = None) -> FoundPath:
    """Find the shortest path between two images. Raises UnknownImageError, UnknownSpaceError, EmptyCollectionError."""
    space_id = published_space(connection, space).id
    graph_id = connection.scalar(select(current.c.graph_id).where(current.c.space_id == space_id))
    if graph_id is None:
        raise EmptyCollectionError
    if source == target:  # whose image may be in no edge, if it is the only one
        return FoundPath(Path((source,), ()), (), graph_id)
    path = shortest_path(load_graph(connection, graph_id), source, target)
    return FoundPath(path, steps_of(connection, graph_id, path), graph_id)


def steps_of(connection: Connection, graph_id: int, path: Path) -> tuple[Step, ...]:
    """Fetch the edges that a path takes, in its order and direction."""
    walked = list(pairwise(path.images))
    ends = [(min(pair), max(pair)) for pair in walked]
    query = select(edge.c.source, edge.c.target, edge.c.distance, edge.c.kind).where(
        edge.c.graph_id == graph_id, tuple_(edge.c.source, edge.c.target).in_(ends)
    )
    rows = {(row.source, row.target): row for row in connection.execute(query)}
    return tuple(
        Step(source, target, row.distance, row.kind)
        for (source, target), row in zip(walked, (rows[pair] for pair in ends), strict=True)
    )
