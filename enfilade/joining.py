"""Find the bridge edges that make a graph one component. Knows no database and no pictures."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from enfilade.edges import EdgeKind, Edges
from enfilade.knn import SIMILARITY_SLACK, angles_of_pairs, check_unit_rows

__all__ = ["components", "join"]

_ROWS, _COLUMNS = 1024, 16_384  # a tile of similarities: 67 MB of float32


def components(n: int, edges: Edges) -> tuple[int, NDArray[np.int32]]:
    """Count the connected components of n nodes, and label each node, (n,), with the number of its own."""
    present = np.ones(len(edges), dtype=np.int8)
    adjacency = coo_array((present, (edges.source, edges.target)), shape=(n, n)).tocsr()
    count, labels = connected_components(adjacency, directed=False)
    return int(count), labels


def join(embeddings: NDArray[np.float32], edges: Edges) -> Edges:
    """Add the bridges that join all components into one, of the least total length.

    embeddings: (n, d), rows of unit length; edges: among their indices. The bridges are the minimum spanning
    tree over components, whose distance is the least angle between their members, found by O. Borůvka's
    rounds (1926): each component but the largest takes the shortest edge that leaves it. Ties break by
    (distance, source, target), so no cycle arises. Bridges have rank 0 both ways. Raises ValueError for rows
    of other lengths.
    """
    check_unit_rows(embeddings)
    count, labels = components(len(embeddings), edges)
    while count > 1:
        edges = _merge(edges, _shortest_leaving(embeddings, labels))
        count, labels = components(len(embeddings), edges)
    return edges


def _shortest_leaving(embeddings: NDArray[np.float32], labels: NDArray[np.int32]) -> Edges:
    """Find the shortest edge that leaves each component but the largest; two may share one."""
    distinct = _first_of_equals(embeddings, labels)
    found = _shortest_leaving_distinct(embeddings[distinct], labels[distinct])
    return replace(found, source=distinct[found.source], target=distinct[found.target])


def _first_of_equals(embeddings: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Keep the first of each component's equal rows: the others would only tie, and ties cost their square."""
    keys = np.empty(len(labels), dtype=[("label", labels.dtype), ("row", f"V{embeddings[0].nbytes}")])
    keys["label"] = labels
    keys["row"] = np.ascontiguousarray(embeddings).view(keys.dtype["row"]).ravel()
    _, first = np.unique(keys, return_index=True)
    return np.sort(first)


def _shortest_leaving_distinct(embeddings: NDArray[np.float32], labels: NDArray[np.int32]) -> Edges:
    rows = np.flatnonzero(labels != np.bincount(labels).argmax())
    nearest = np.full(len(rows), -np.inf, dtype=np.float32)
    for top, _, similarities in _tiles(embeddings, labels, rows):
        block = slice(top, top + len(similarities))
        nearest[block] = np.maximum(nearest[block], similarities.max(axis=1))
    floor = np.full(labels.max() + 1, -np.inf, dtype=np.float32)
    np.maximum.at(floor, labels[rows], nearest)
    floor -= SIMILARITY_SLACK
    # Similarities only say which pairs may be closest; the few rows that have one are measured again.
    return _closest(embeddings, labels, rows[nearest >= floor[labels[rows]]], floor)


def _closest(
    embeddings: NDArray[np.float32],
    labels: NDArray[np.int32],
    rows: NDArray[np.int64],
    floor: NDArray[np.float32],
) -> Edges:
    """Find for each component the first edge by (distance, source, target) from rows to a node outside it.

    Only pairs at least as similar as floor, (count,), of the row's component are measured.
    """
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for top, left, similarities in _tiles(embeddings, labels, rows):
        row, column = np.nonzero(similarities >= floor[labels[rows[top : top + len(similarities)]], None])
        found.append(_first_of_each(embeddings, labels, rows[top + row], left + column))
    inner, outer = _first_of_each(embeddings, labels, *(np.concatenate(ends) for ends in zip(*found, strict=True)))
    pairs = np.unique(np.stack([np.minimum(inner, outer), np.maximum(inner, outer)]), axis=1)
    return _bridges(embeddings, *pairs)


def _first_of_each(
    embeddings: NDArray[np.float32],
    labels: NDArray[np.int32],
    inner: NDArray[np.int64],
    outer: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep, of the pairs of nodes (m,), the first by (distance, source, target) for each inner component."""
    distance = angles_of_pairs(embeddings, inner, outer)
    order = np.lexsort((np.maximum(inner, outer), np.minimum(inner, outer), distance, labels[inner]))
    _, first = np.unique(labels[inner[order]], return_index=True)
    return inner[order[first]], outer[order[first]]


def _tiles(
    embeddings: NDArray[np.float32], labels: NDArray[np.int32], rows: NDArray[np.int64]
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Yield similarities of rows to all nodes tile by tile, as (first row, first column, tile).

    Nodes of the row's own component are at minus infinity.
    """
    for top in range(0, len(rows), _ROWS):
        block = rows[top : top + _ROWS]
        for left in range(0, len(embeddings), _COLUMNS):
            columns = slice(left, left + _COLUMNS)
            similarities = embeddings[block] @ embeddings[columns].T
            np.copyto(similarities, -np.inf, where=labels[block, None] == labels[columns])
            yield top, left, similarities


def _bridges(embeddings: NDArray[np.float32], source: NDArray[np.int64], target: NDArray[np.int64]) -> Edges:
    return Edges(
        source=source,
        target=target,
        distance=angles_of_pairs(embeddings, source, target),
        kind=np.full(len(source), EdgeKind.BRIDGE, dtype=np.int8),
        source_rank=np.zeros(len(source), dtype=np.int16),
        target_rank=np.zeros(len(source), dtype=np.int16),
    )


def _merge(one: Edges, other: Edges) -> Edges:
    order = np.lexsort((np.append(one.target, other.target), np.append(one.source, other.source)))
    return Edges(
        source=np.append(one.source, other.source)[order],
        target=np.append(one.target, other.target)[order],
        distance=np.append(one.distance, other.distance)[order],
        kind=np.append(one.kind, other.kind)[order],
        source_rank=np.append(one.source_rank, other.source_rank)[order],
        target_rank=np.append(one.target_rank, other.target_rank)[order],
    )
