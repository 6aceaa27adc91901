"""Count the pieces a kNN graph falls into before bridges join them. Knows no database and no pictures."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from enfilade.edges import EdgeKind, Edges
from enfilade.joining import components
from enfilade.knn import KnnGraph, edges_of

__all__ = ["Connectedness", "Pieces", "connectedness"]

_NEIGHBOURS = (5, 10, 15)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The connected components of a graph, and the share of images in the largest of them."""

    components: int
    largest: float

    def as_dict(self) -> dict[str, Any]:
        """Give them as JSON has them."""
        return {"components": self.components, "largest": self.largest}


@dataclass(frozen=True, slots=True)
class Connectedness:
    """The pieces at k neighbours each, where one end's word is enough (union) and where it takes both (mutual)."""

    k: int
    union: Pieces
    mutual: Pieces

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {"k": self.k, "union": self.union.as_dict(), "mutual": self.mutual.as_dict()}


def connectedness(graph: KnnGraph) -> tuple[Connectedness, ...]:
    """Measure a graph at its first 5, 10 and 15 neighbours, as far as it has them."""
    n, most = graph.neighbours.shape
    return tuple(_at(KnnGraph(graph.neighbours[:, :k], graph.angles[:, :k]), n) for k in _NEIGHBOURS if k <= most)


def _at(graph: KnnGraph, n: int) -> Connectedness:
    edges = edges_of(graph)
    return Connectedness(graph.neighbours.shape[1], _pieces(n, edges), _pieces(n, _mutual(edges)))


def _pieces(n: int, edges: Edges) -> Pieces:
    count, of = components(n, edges)
    return Pieces(count, float(np.bincount(of).max() / n))


def _mutual(edges: Edges) -> Edges:
    both = edges.kind == EdgeKind.MUTUAL
    return replace(
        edges,
        source=edges.source[both],
        target=edges.target[both],
        distance=edges.distance[both],
        kind=edges.kind[both],
        source_rank=edges.source_rank[both],
        target_rank=edges.target_rank[both],
    )
