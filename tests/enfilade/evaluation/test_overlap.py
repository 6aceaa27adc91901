from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.evaluation.overlap import neighbour_overlap, overlap_by_dimensions
from enfilade.evaluation.sampling import sample


def keys_of(n: int) -> list[bytes]:
    return [sha256(str(image).encode()).digest() for image in range(n)]


def decaying(n: int, d: int) -> NDArray[np.float64]:
    """Draw features whose variance falls from one dimension to the next, away from the origin."""
    return 3 + np.random.default_rng(0).normal(size=(n, d)) / np.sqrt(np.arange(1, d + 1))


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 10))
def test_overlap_is_the_mean_share_in_common(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = (np.stack([rng.permutation(20)[:k] for _ in range(n)]) for _ in range(2))
    expected = np.mean([len(set(a) & set(b)) / k for a, b in zip(one.tolist(), other.tolist(), strict=True)])
    assert neighbour_overlap(one, other) == pytest.approx(expected)
    assert neighbour_overlap(one, one[:, ::-1]) == 1


def test_all_components_keep_all_neighbours() -> None:
    found = overlap_by_dimensions(decaying(200, 16), keys_of(200))
    assert found is not None
    assert list(found.pca) == [8, 16]
    assert found.pca[16] == {10: 1.0, 19: 1.0}


def test_more_components_keep_more_and_u_without_singular_values_fewer() -> None:
    found = overlap_by_dimensions(decaying(400, 64), keys_of(400))
    assert found is not None
    kept = [shares[19] for shares in found.pca.values()]
    assert kept == sorted(kept)
    assert all(found.seed[k][19] < found.pca[k][19] for k in (16, 32, 64))


def test_where_too_many_they_are_sampled_and_where_too_few_nothing_is_measured() -> None:
    found = overlap_by_dimensions(decaying(100, 16), keys_of(100), most=50)
    assert found is not None
    assert found.images == 50
    assert overlap_by_dimensions(decaying(19, 16), keys_of(19)) is None


def test_a_sample_loses_only_those_that_newcomers_displace() -> None:
    keys = keys_of(300)
    before, after = set(sample(keys[:200], 50).tolist()), set(sample(keys, 50).tolist())
    assert len(before) == len(after) == 50
    assert after - before <= set(range(200, 300))
    assert sample(keys, 300).tolist() == list(range(300))
