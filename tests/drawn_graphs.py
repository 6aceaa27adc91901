"""Graphs drawn by chance, with places to measure progress in, for laws of paths."""

from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from enfilade.joining import join
from enfilade.knn import edges_of, knn_graph
from enfilade.paths import Path, PathGraph, path_graph


def drawn(seed: int, *, duplicates: bool = False, most: int = 60, k: int = 4) -> tuple[PathGraph, NDArray[np.float32]]:
    """Draw the joined kNN graph of up to so many unit vectors under scattered ids; give the vectors of its rows too."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(k + 2, most))
    vectors = rng.standard_normal((n, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    if duplicates:
        vectors = vectors[rng.integers(n // 2 + 1, size=n)]
    edges = join(vectors, edges_of(knn_graph(vectors, k)))
    ids = np.sort(rng.choice(10_000, size=n, replace=False))
    graph = path_graph(ids[edges.source], ids[edges.target], edges.distance, edges.kind)
    return graph, vectors[np.searchsorted(ids, graph.ids)]


def reference(graph: PathGraph) -> "nx.Graph[int]":
    """Give the same graph to networkx, under the images' ids."""
    told: nx.Graph[int] = nx.Graph()
    told.add_nodes_from(graph.ids.tolist())
    rows = np.repeat(graph.ids, np.diff(graph.indptr))
    told.add_weighted_edges_from(
        zip(rows.tolist(), graph.ids[graph.indices].tolist(), graph.weights.tolist(), strict=True)
    )
    return told


def some(seed: int, graph: PathGraph, count: int) -> list[int]:
    """Draw different images."""
    return [int(image) for image in np.random.default_rng(seed).choice(graph.ids, size=count, replace=False)]


def follows_edges(graph: PathGraph, path: Path) -> bool:
    """Tell whether each step is an edge, as long as that."""
    told = reference(graph)
    return path.distances == tuple(
        told.edges[step]["weight"] if step in told.edges else None for step in pairwise(path.images)
    )
