"""Near hashes are found, the nearest few of each."""

import numpy as np
from numpy.random import PCG64, Generator

from ingest.hashes import DIFFERING, NEAREST, near_hashes


def test_all_pairs_within_the_distance_are_found_both_ways() -> None:
    rng = Generator(PCG64(1))
    hashes = rng.integers(-(2**63), 2**63 - 1, 500)
    hashes[7] = hashes[3] ^ 0b1011
    hashes[499] = hashes[3] ^ -(2**63)
    found = set(near_hashes(hashes, np.arange(500)))
    assert {(3, 7), (7, 3), (3, 499), (499, 3), (7, 499), (499, 7)} <= found
    for one, other in found:
        assert int(hashes[one] ^ hashes[other]).bit_count() <= DIFFERING or hashes[one] ^ hashes[other] < 0


def test_of_many_equal_ones_only_some_are_kept_the_nearest_first() -> None:
    hashes = np.zeros(100, dtype=np.int64)
    hashes[50] = 1
    found = list(near_hashes(hashes, np.array([50, 60])))
    assert [other for one, other in found if one == 60] == [0, 1, 2, 3, 4][:NEAREST]
    assert [other for one, other in found if one == 50] == [0, 1, 2, 3, 4][:NEAREST]
    assert list(near_hashes(hashes[:1], np.array([0]))) == []
