"""Compiled: walks of an exact number of steps, layer by layer. Knows rows and arcs, not images."""

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["UNREACHED", "hops_from", "induced", "layered", "rising_lengths", "shortest_of_hops"]

UNREACHED = np.iinfo(np.int32).max


@compiled
def hops_from(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], closed: NDArray[np.uint8], row: int
) -> NDArray[np.int32]:
    """Count the least steps from a row to each, (n,), entering no closed one; UNREACHED where there is no way."""
    n = len(indptr) - 1
    hops = np.full(n, UNREACHED, dtype=np.int32)
    queue = np.empty(n, dtype=np.int32)
    hops[row], queue[0] = 0, row
    begin, end = 0, 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for place in range(indptr[node], indptr[node + 1]):
            other = indices[place]
            if hops[other] == UNREACHED and (len(closed) == 0 or closed[other] == 0):
                hops[other] = hops[node] + 1
                queue[end] = other
                end += 1
    return hops


@compiled
def rising_lengths(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: NDArray[np.float32],
    closed: NDArray[np.uint8],
    progress: NDArray[np.float64],
    order: NDArray[np.int64],
    source: int,
) -> NDArray[np.float64]:
    """Give the lengths (n,) of the shortest ways on which progress (n,) only rises; order: the rows by progress."""
    lengths = np.full(len(indptr) - 1, np.inf)
    lengths[source] = 0.0
    for node in order:
        if lengths[node] == np.inf:
            continue
        for place in range(indptr[node], indptr[node + 1]):
            other = indices[place]
            if progress[other] > progress[node] and (len(closed) == 0 or closed[other] == 0):
                lengths[other] = min(lengths[other], lengths[node] + weights[place])
    return lengths


@compiled
def induced(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], weights: NDArray[np.float32], kept: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Take the graph among some rows, (k,) ascending, numbered by their places in kept."""
    local = np.full(len(indptr) - 1, -1, dtype=np.int32)
    for place in range(len(kept)):
        local[kept[place]] = place
    starts = np.zeros(len(kept) + 1, dtype=np.int64)
    for place in range(len(kept)):
        starts[place + 1] = starts[place]
        for at in range(indptr[kept[place]], indptr[kept[place] + 1]):
            starts[place + 1] += local[indices[at]] >= 0
    heads = np.empty(starts[-1], dtype=np.int32)
    lengths = np.empty(starts[-1], dtype=np.float64)
    free = 0
    for place in range(len(kept)):
        for at in range(indptr[kept[place]], indptr[kept[place] + 1]):
            if local[indices[at]] >= 0:
                heads[free], lengths[free] = local[indices[at]], weights[at]
                free += 1
    return starts, heads, lengths


@compiled
def shortest_of_hops(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: NDArray[np.float64],
    ahead: NDArray[np.int32],
    source: int,
    target: int,
    hops: int,
) -> float:
    """Give the length of the shortest walk of exactly so many steps, which may come by a row twice.

    ahead: (n,), the least steps from each row to the target.
    """
    n = len(indptr) - 1
    here = np.full(n, np.inf)
    here[source] = 0.0
    for hop in range(1, hops + 1):
        there = np.full(n, np.inf)
        for row in range(n):
            if ahead[row] > hops - hop:
                continue
            for place in range(indptr[row], indptr[row + 1]):
                there[row] = min(there[row], here[indices[place]] + weights[place])
        here = there
    length: float = here[target]
    return length


@compiled
def layered(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: NDArray[np.float64],
    setbacks: NDArray[np.float64],
    behind: NDArray[np.int32],
    ahead: NDArray[np.int32],
    source: int,
    target: int,
    hops: int,
    strides: NDArray[np.float64],
) -> NDArray[np.int32]:
    """For each stride (s,), find the walk of exactly so many steps, (s, hops + 1), whose steps come closest to it.

    A walk costs the sum over its steps of (step / stride - 1)² + setbacks; setbacks (2m,) are those of the arc from
    indices[place] to its row, infinity where it may not be walked. By dynamic programming, exactly. behind, ahead:
    (n,), the least steps from the source and to the target. A row of -1 where no such walk is.
    """
    n, count = len(indptr) - 1, len(strides)
    here = np.full((n, count), np.inf)
    here[source] = 0.0
    before = np.full((hops, n, count), -1, dtype=np.int32)
    for hop in range(1, hops + 1):
        there = np.full((n, count), np.inf)
        for row in range(n):
            if behind[row] > hop or ahead[row] > hops - hop or (hop < hops and row in (source, target)):
                continue
            for place in range(indptr[row], indptr[row + 1]):
                tail = indices[place]
                if setbacks[place] == np.inf or behind[tail] > hop - 1:
                    continue
                for at in range(count):
                    off = weights[place] / strides[at] - 1.0
                    cost = here[tail, at] + (off * off + setbacks[place])
                    if cost < there[row, at]:
                        there[row, at], before[hop - 1, row, at] = cost, tail
        here = there
    walks = np.full((count, hops + 1), -1, dtype=np.int32)
    for at in range(count):
        if here[target, at] < np.inf:
            walks[at, hops] = target
            for hop in range(hops, 0, -1):
                walks[at, hop - 1] = before[hop - 1, walks[at, hop], at]
    return walks
