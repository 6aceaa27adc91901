"""Pair the codes of two pictures: each other's nearest, and clearly nearer than the second. Compiled.

Ratio test: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (2004).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["CODE", "match_codes"]

CODE: Final = 16
"""Bytes of a code."""
_WORSE: Final = 8 * CODE + 1


def match_codes(
    query: NDArray[np.uint8], member: NDArray[np.uint8], ratio: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair codes (n, 16) with codes (m, 16) by how many bits differ; gives rows of either, (k,) each.

    A pair is mutual, the first among equals, and differs in less than `ratio` as many bits as the query's second best.
    """
    if not (len(query) and len(member)):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return _match(_halves(query), _halves(member), ratio)


def _halves(codes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(codes).view(np.uint64)


@compiled
def _ones(bits: np.uint64) -> np.int64:
    """Count the bits that are set (Warren, Hacker's Delight, 5-1)."""
    pairs = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + ((pairs >> np.uint64(2)) & np.uint64(0x3333333333333333))
    eights = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((eights * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _match(
    query: NDArray[np.uint64], member: NDArray[np.uint64], ratio: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    nearest = np.zeros(len(query), np.int64)
    clear = np.zeros(len(query), np.bool_)
    back, back_distance = np.zeros(len(member), np.int64), np.full(len(member), _WORSE)
    for row in range(len(query)):
        first = second = _WORSE
        for other in range(len(member)):
            distance = int(_ones(query[row, 0] ^ member[other, 0]) + _ones(query[row, 1] ^ member[other, 1]))
            if distance < first:
                first, second, nearest[row] = distance, first, other
            elif distance < second:
                second = distance
            if distance < back_distance[other]:
                back_distance[other], back[other] = distance, row
        clear[row] = first < ratio * second
    rows = np.flatnonzero(clear & (back[nearest] == np.arange(len(query))))
    return rows, nearest[rows]
