"""Compiled: a walk of an exact number of steps that comes by no row twice, by trying. Knows rows, not images."""

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["simple_walk"]


@compiled
def simple_walk(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: NDArray[np.float64],
    ahead: NDArray[np.int32],
    source: int,
    target: int,
    hops: int,
    stride: float,
    tries: int,
) -> NDArray[np.int32]:
    """Find a walk of exactly so many steps between different rows, (hops + 1,), or (0,) where none was found.

    Depth first, the arc closest in length to the stride before the others, turning back where the target is too many
    steps ahead, (n,). Where it ends before so many tries, there is none.
    """
    walk = np.full(hops + 1, -1, dtype=np.int32)
    walk[0] = source
    used = np.zeros(len(indptr) - 1, dtype=np.bool_)
    used[source] = True
    turn = np.zeros(hops + 1, dtype=np.int64)  # which arc of each row comes next
    hop = 0
    while hop >= 0 and tries > 0:
        row = walk[hop]
        first, last = indptr[row], indptr[row + 1]
        order = np.argsort(np.abs(weights[first:last] - stride))
        onwards = -1
        while turn[hop] < last - first and onwards < 0:
            other = indices[first + order[turn[hop]]]
            turn[hop] += 1
            tries -= 1
            left = hops - hop - 1
            if not used[other] and ahead[other] <= left and (other == target) == (left == 0):
                onwards = other
        if onwards < 0:
            used[row] = False
            hop -= 1
            continue
        hop += 1
        walk[hop], turn[hop] = onwards, 0
        used[onwards] = True
        if hop == hops:
            return walk
    return walk[:0]
