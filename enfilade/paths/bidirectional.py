"""Compiled: search a least path from both ends at once. Knows rows, not images.

Why not a library's: on 100,000 nodes networkit's BidirectionalDijkstra, the fastest of them, took 1.6 times as long at
the median and 2.1 times at the 95th percentile, on a million 6.7 and 4.5 times (`python -m benchmarks paths`); and none
takes a ceiling, closed rows or several rows to begin from, which the other modes, filters and uploads need.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["CLOSED", "ENTRY", "LABEL", "OPEN", "OUTSIDE", "SPILLED", "search"]

OPEN, OUTSIDE, CLOSED = 0, 1, 2
"""A row may be entered; only at a toll; never."""
SPILLED = -2  # a heap was too small

LABEL = np.dtype([("cost", np.float64), ("before", np.int32), ("stamp", np.int32)])
"""What one of the two searches knows of a row, side by side with the other's: one line of cache for both."""
ENTRY = np.dtype([("cost", np.float64), ("node", np.int32)], align=True)

Records = NDArray[Any]


@compiled
def search(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: NDArray[np.float32],
    closed: NDArray[np.uint8],
    ceiling: float,
    toll: float,
    minimax: bool,  # noqa: FBT001 — compiled code takes no keywords
    seeds: tuple[NDArray[np.int32], NDArray[np.int32]],
    costs: tuple[NDArray[np.float64], NDArray[np.float64]],
    labels: Records,
    heaps: Records,
    stamp: int,
) -> tuple[int, float]:
    """Find the row where the best path between two sets of rows meets, and its cost; -1 where there is none.

    By E. W. Dijkstra's algorithm (1959) from both ends, I. Pohl, "Bi-directional search" (1971): the smaller frontier
    grows, until no path through what is left can be less than the best that was met. Entries that can't be less, or
    that the other side has settled, are never made.

    closed: (n,) of OPEN, OUTSIDE, CLOSED, or (0,) where all are open. ceiling: longer steps are left out. toll: the
    cost of a row OUTSIDE, half of it on entering and half on leaving; at infinity it is closed. minimax: a path costs
    its worst step, not the sum. seeds, costs: where each side begins. labels (n, 2) of LABEL: kept between searches,
    told apart by stamp, even, which only grows. heaps: (2, capacity) of ENTRY.
    """
    sizes = np.zeros(2, dtype=np.int64)
    best, meeting = np.inf, -1
    for side in range(2):
        for place in range(len(seeds[side])):
            node, cost = seeds[side][place], costs[side][place]
            if _label(labels, side, node, cost, -1, stamp):
                best, meeting = _meet(labels, side, node, cost, minimax, stamp, best, meeting)
                if not _push(heaps, sizes, side, cost, node):
                    return SPILLED, best
    while sizes[0] > 0 and sizes[1] > 0:
        if _joined(heaps[0, 0].cost, heaps[1, 0].cost, minimax) >= best:
            break
        side = 0 if sizes[0] <= sizes[1] else 1
        cost, node = _pop(heaps, sizes, side)
        if labels[node, side].stamp != stamp or labels[node, side].cost != cost:
            continue  # settled already, or reached at less since
        labels[node, side].stamp = stamp + 1
        far = heaps[1 - side, 0].cost
        for place in range(indptr[node], indptr[node + 1]):
            step, row = np.float64(weights[place]), indices[place]
            if step > ceiling:
                continue
            if len(closed) > 0:
                if closed[row] == CLOSED or (closed[row] == OUTSIDE and toll == np.inf):
                    continue
                if toll < np.inf:
                    step += toll / 2 * (closed[row] == OUTSIDE) + toll / 2 * (closed[node] == OUTSIDE)
            reached = _joined(cost, step, minimax)
            if reached >= best or not _label(labels, side, row, reached, node, stamp):
                continue
            best, meeting = _meet(labels, side, row, reached, minimax, stamp, best, meeting)
            if labels[row, 1 - side].stamp == stamp + 1 or _joined(reached, far, minimax) >= best:
                continue
            if not _push(heaps, sizes, side, reached, row):
                return SPILLED, best
    return meeting, best


@compiled
def _joined(one: float, other: float, minimax: bool) -> float:  # noqa: FBT001
    return max(one, other) if minimax else one + other


@compiled
def _label(labels: Records, side: int, row: int, cost: float, before: int, stamp: int) -> bool:
    """Note a better way to a row, if it is one."""
    label = labels[row, side]
    if label.stamp > stamp or (label.stamp == stamp and label.cost <= cost):
        return False
    label.cost, label.before, label.stamp = cost, before, stamp
    return True


@compiled
def _meet(
    labels: Records,
    side: int,
    row: int,
    cost: float,
    minimax: bool,  # noqa: FBT001
    stamp: int,
    best: float,
    meeting: int,
) -> tuple[float, int]:
    """Look whether the other side was here, and by a better way than the best."""
    other = labels[row, 1 - side]
    if other.stamp >= stamp:
        whole = _joined(cost, other.cost, minimax)
        if whole < best:
            return whole, row
    return best, meeting


@compiled
def _push(heaps: Records, sizes: NDArray[np.int64], side: int, cost: float, node: int) -> bool:
    if sizes[side] == heaps.shape[1]:
        return False
    heap, place = heaps[side], sizes[side]
    sizes[side] += 1
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].cost <= cost:
            break
        heap[place].cost, heap[place].node = heap[above].cost, heap[above].node
        place = above
    heap[place].cost, heap[place].node = cost, node
    return True


@compiled
def _pop(heaps: Records, sizes: NDArray[np.int64], side: int) -> tuple[float, int]:
    heap = heaps[side]
    cost, node = heap[0].cost, heap[0].node
    sizes[side] -= 1
    last = sizes[side]
    moved, moved_node = heap[last].cost, heap[last].node
    place, below = 0, 1
    while below < last:
        if below + 1 < last and heap[below + 1].cost < heap[below].cost:
            below += 1
        if heap[below].cost >= moved:
            break
        heap[place].cost, heap[place].node = heap[below].cost, heap[below].node
        place, below = below, 2 * below + 1
    heap[place].cost, heap[place].node = moved, moved_node
    return cost, node
