import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.confidence.matching import match_codes

RATIO = 0.85


def codes(seed: int, many: int) -> NDArray[np.uint8]:
    """Codes of which some are equal and many are near."""
    rng = np.random.default_rng(seed)
    made = rng.integers(0, 256, (many, 16), dtype=np.uint8)
    made[:, 4:] = made[:1, 4:]
    return made[rng.integers(0, many, many)]


@given(st.integers(0, 10_000), st.integers(2, 60), st.integers(2, 60))
def test_pairs_are_mutual_and_clear(seed: int, ours: int, theirs: int) -> None:
    query, member = codes(seed, ours), codes(seed + 1, theirs)
    query[: ours // 2] = member[np.arange(ours // 2) % theirs]
    distances = np.bitwise_count(query[:, None] ^ member[None]).sum(axis=2).astype(np.int64)
    nearest = distances.argmin(axis=1)
    first, second = np.partition(distances, 1, axis=1)[:, :2].T
    wanted = np.flatnonzero((distances.argmin(axis=0)[nearest] == np.arange(ours)) & (first < RATIO * second))
    rows, others = match_codes(query, member, RATIO)
    assert np.array_equal(rows, wanted)
    assert np.array_equal(others, nearest[wanted])


def test_nothing_matches_nothing() -> None:
    none = np.empty((0, 16), np.uint8)
    for query, member in ((none, codes(0, 5)), (codes(0, 5), none), (none, none)):
        assert [len(rows) for rows in match_codes(query, member, RATIO)] == [0, 0]
