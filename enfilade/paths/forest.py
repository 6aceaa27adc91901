"""Compiled: a minimum spanning forest, kept so that a bottleneck is read off it. Knows rows, not images."""

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["bottleneck", "spanning_forest"]


@compiled
def spanning_forest(
    n: int,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    distances: NDArray[np.float32],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Join rows along edges (m,), taken in their order by distance: J. B. Kruskal's algorithm (1956).

    Returns parent (n,) and link (n,): which root a root was hung under, the smaller under the larger, and the distance
    of the edge that joined the two; a last root is its own parent, at infinity. No chain is longer than log2(n), and
    links only grow along it.
    """
    parent = np.arange(n).astype(np.int32)
    link = np.full(n, np.inf, dtype=np.float32)
    size = np.ones(n, dtype=np.int32)
    short = parent.copy()  # the same roots by shorter ways
    left = n - 1
    for edge in order:
        one, other = _root(short, sources[edge]), _root(short, targets[edge])
        if one == other:
            continue
        if size[one] > size[other]:
            one, other = other, one
        parent[one] = short[one] = other
        link[one] = distances[edge]
        size[other] += size[one]
        left -= 1
        if left == 0:
            break
    return parent, link


@compiled
def _root(short: NDArray[np.int32], row: int) -> int:
    while short[row] != row:
        short[row] = short[short[row]]
        row = short[row]
    return row


@compiled
def bottleneck(parent: NDArray[np.int32], link: NDArray[np.float32], one: int, other: int) -> np.float32:
    """Give the least worst step of any path between two rows, in O(log n); infinity where nothing joins them."""
    worst = np.float32(0)
    while one != other:
        if link[one] > link[other]:
            one, other = other, one
        worst = max(worst, link[one])
        if worst == np.inf:
            break
        one = parent[one]
    return worst
