"""Compiled: put undirected edges in order, row by row. Knows rows, not images."""

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["Adjacency", "adjacency", "places_of"]

Adjacency = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32], NDArray[np.uint8]]


@compiled
def adjacency(
    n: int,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    distances: NDArray[np.float32],
    kinds: NDArray[np.uint8],
) -> Adjacency:
    """Give indptr (n + 1,), indices, weights and kinds (2m,) of undirected edges (m,), each row's columns ascending.

    By two counting sorts, so in O(n + m): filling the rows of a symmetric matrix in the order of its columns leaves
    every row in order, however the edges came.
    """
    indptr = np.zeros(n + 1, dtype=np.int64)
    for edge in range(len(sources)):
        indptr[sources[edge] + 1] += 1
        indptr[targets[edge] + 1] += 1
    for row in range(n):
        indptr[row + 1] += indptr[row]
    edges = np.empty(2 * len(sources), dtype=np.int32)
    free = indptr[:-1].copy()
    for edge in range(len(sources)):
        for row in (sources[edge], targets[edge]):
            edges[free[row]] = edge
            free[row] += 1
    indices = np.empty(len(edges), dtype=np.int32)
    weights = np.empty(len(edges), dtype=np.float32)
    ordered = np.empty(len(edges), dtype=np.uint8)
    free[:] = indptr[:-1]
    for column in range(n):
        for place in range(indptr[column], indptr[column + 1]):
            edge = edges[place]
            row = sources[edge] if targets[edge] == column else targets[edge]
            at = free[row]
            indices[at], weights[at], ordered[at] = column, distances[edge], kinds[edge]
            free[row] += 1
    return indptr, indices, weights, ordered


@compiled
def places_of(indptr: NDArray[np.int64], indices: NDArray[np.int32], nodes: NDArray[np.int32]) -> NDArray[np.int64]:
    """Find where the steps of a walk over nodes (h + 1,) lie in the arrays, (h,); -1 where there is no such edge."""
    places = np.full(max(len(nodes) - 1, 0), -1, dtype=np.int64)
    for step in range(len(places)):
        first, last = indptr[nodes[step]], indptr[nodes[step] + 1]
        place = first + np.searchsorted(indices[first:last], nodes[step + 1])
        if place < last and indices[place] == nodes[step + 1]:
            places[step] = place
    return places
