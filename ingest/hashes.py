"""Pictures whose perceptual hashes differ in few bits. Knows no database."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIFFERING", "NEAREST", "near_hashes"]

DIFFERING: Final = 8
"""Bits of 64 in which hashes of one work may differ."""
NEAREST: Final = 5
"""Others kept of each: a hundred blank pages need not be compared each with each."""
_ROWS: Final = 64  # at 100,000 hashes, 51 MB at a time


def near_hashes(hashes: NDArray[np.int64], rows: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield, for some rows (m,) of hashes (n,), pairs (row, other) of those that differ least, ties by row."""
    unsigned = hashes.view(np.uint64)
    for start in range(0, len(rows), _ROWS):
        block = rows[start : start + _ROWS]
        differing = np.bitwise_count(unsigned[block, None] ^ unsigned)
        differing[np.arange(len(block)), block] = DIFFERING + 1
        place, other = np.nonzero(differing <= DIFFERING)
        order = np.lexsort((other, differing[place, other], place))
        place, other = place[order], other[order]
        rank = np.arange(len(place)) - np.searchsorted(place, place)
        kept = rank < NEAREST
        yield from zip(block[place[kept]].tolist(), other[kept].tolist(), strict=True)
