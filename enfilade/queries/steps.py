"""Why two images stand beside one another on a path: what a graph, and the graphs of other spaces, know of a step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text

from enfilade.paths import Path, PathGraph, TemporaryNode
from enfilade.queries.builds import GraphBuild
from enfilade.queries.graphs import KINDS
from enfilade.schema import current

__all__ = ["UPLOAD", "Step", "explain"]

UPLOAD = "upload"
"""The kind of a step between a picture that is not in the collection and one of those nearest to it."""

# By the primary key of each graph's partition; the graphs' ids are parameters, so that the others are not looked into.
EDGES = text("""
    SELECT e.graph_id, e.source, e.target, e.source_rank, e.target_rank
    FROM unnest(CAST(:sources AS bigint[]), CAST(:targets AS bigint[])) AS pair (source, target)
    JOIN enfilade.edge AS e ON e.source = pair.source AND e.target = pair.target
    WHERE e.graph_id = ANY (CAST(:graphs AS bigint[]))
""")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, its distance in radians, and what can be said for it.

    source, target: ids, None for a picture that is not in the collection. kind: knn, mutual, bridge or upload.
    percentile: how many of a hundred edges of the graph are shorter. source_rank: the target is the source's n-th
    neighbour; target_rank: the other way round; None beyond the graph's k. spaces: the other published spaces in whose
    graphs the two are neighbours too.
    """

    source: int | None
    target: int | None
    distance: float
    kind: str
    percentile: float
    source_rank: int | None = None
    target_rank: int | None = None
    spaces: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the step as JSON has it."""
        return {**asdict(self), "spaces": list(self.spaces)}


class _Known(NamedTuple):
    """What is known of a pair of images, the lesser id first."""

    ranks: tuple[int | None, int | None]
    spaces: tuple[str, ...]


def explain(
    connection: Connection,
    build: GraphBuild,
    graph: PathGraph,
    paths: Sequence[Path],
    guests: Mapping[int, TemporaryNode] | None = None,
) -> list[tuple[Step, ...]]:
    """Explain the steps of paths over a graph, in their order and direction.

    guests: pictures that are not in the graph, by the ids that paths have for them, which are negative.
    """
    pairs = {_ordered(*pair) for path in paths for pair in pairwise(path.images) if min(pair) >= 0}
    known = _look_up(connection, build, sorted(pairs))
    return [
        tuple(
            _joining(graph, *ends, distance, guests or {}) if min(ends) < 0 else _step(graph, *ends, distance, known)
            for ends, distance in zip(pairwise(path.images), path.distances, strict=True)
        )
        for path in paths
    ]


def _step(graph: PathGraph, source: int, target: int, distance: float, known: Mapping[tuple[int, int], _Known]) -> Step:
    ranks, spaces = known.get(_ordered(source, target), _Known((None, None), ()))
    source_rank, target_rank = ranks if source < target else ranks[::-1]
    kind = KINDS[graph.kind(source, target)]
    return Step(source, target, distance, kind, graph.percentile(distance), source_rank, target_rank, spaces)


def _joining(graph: PathGraph, source: int, target: int, distance: float, guests: Mapping[int, TemporaryNode]) -> Step:
    percentile = graph.percentile(distance)
    if source < 0:
        rank = guests[source].neighbours.index(target) + 1  # nearest first
        return Step(None, target, distance, UPLOAD, percentile, source_rank=rank)
    rank = guests[target].neighbours.index(source) + 1
    return Step(source, None, distance, UPLOAD, percentile, target_rank=rank)


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _look_up(
    connection: Connection, build: GraphBuild, pairs: Sequence[tuple[int, int]]
) -> Mapping[tuple[int, int], _Known]:
    if not pairs:
        return {}
    others = select(current.c.graph_id, current.c.space_name).where(
        current.c.graph_id.is_not(None), current.c.space_name != build.space_name
    )
    names = {row.graph_id: row.space_name for row in connection.execute(others)}
    sources, targets = zip(*pairs, strict=True)
    bound = {"sources": list(sources), "targets": list(targets), "graphs": [build.id, *names]}
    ranks: dict[tuple[int, int], tuple[int | None, int | None]] = {}
    spaces: dict[tuple[int, int], list[str]] = {}
    for row in connection.execute(EDGES, bound):
        pair = row.source, row.target
        if row.graph_id == build.id:
            ranks[pair] = row.source_rank, row.target_rank
        else:
            spaces.setdefault(pair, []).append(names[row.graph_id])
    return {pair: _Known(ranks.get(pair, (None, None)), tuple(sorted(spaces.get(pair, ())))) for pair in pairs}
