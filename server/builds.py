"""What was built: spaces and graphs, as records. Knows no HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from enfilade.schema import current, graph, space

__all__ = ["BuiltGraph", "BuiltSpace", "list_graphs", "list_spaces"]

LATEST = 100


@dataclass(frozen=True, slots=True)
class BuiltSpace:
    """A published space, without its parameters."""

    id: int
    name: str
    version: int
    is_default: bool
    dimensions: int
    fitted_on: int
    recipe: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    graph: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BuiltGraph:
    """A graph that was built, whether its edges are still there or not."""

    id: int
    space: str
    status: str
    k: int
    images: int
    edges: int
    components_before: int
    recall: float
    statistics: Mapping[str, Any]
    published_at: datetime | None
    retired_at: datetime | None


def list_spaces(connection: Connection) -> list[BuiltSpace]:
    """List every published space, the default one first."""
    query = (
        select(
            space.c.id,
            space.c.name,
            space.c.version,
            current.c.is_default,
            space.c.dimensions,
            space.c.fitted_on,
            space.c.recipe,
            space.c.evaluation,
            current.c.graph_id.label("graph"),
            space.c.created_at,
        )
        .join_from(current, space)
        .order_by(current.c.is_default.desc(), space.c.name)
    )
    return [BuiltSpace(**row) for row in connection.execute(query).mappings()]


def list_graphs(connection: Connection, space_name: str | None = None) -> list[BuiltGraph]:
    """List the latest graphs, of one space or of all, newest first."""
    query = (
        select(
            graph.c.id,
            space.c.name.label("space"),
            graph.c.status,
            graph.c.k,
            graph.c.images,
            graph.c.edges,
            graph.c.components_before,
            graph.c.recall,
            graph.c.statistics,
            graph.c.published_at,
            graph.c.retired_at,
        )
        .join_from(graph, space)
        .order_by(graph.c.id.desc())
        .limit(LATEST)
    )
    if space_name is not None:
        query = query.where(space.c.name == space_name)
    return [BuiltGraph(**row) for row in connection.execute(query).mappings()]
