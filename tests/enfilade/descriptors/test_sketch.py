"""A sketch keeps inner products, and is the same for ever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enfilade.descriptors.sketch import count_sketch, splitmix64


def test_the_hash_is_the_one_that_was_published() -> None:
    # The first outputs of SplitMix64 with state 0, as in its authors' reference code.
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert splitmix64(np.arange(3, dtype=np.uint64), 0).tolist() == expected


def test_the_sketch_of_today_is_the_sketch_of_tomorrow() -> None:
    sketch = count_sketch(1000, 64, seed=1)
    dense = sketch.toarray()
    assert np.abs(dense).sum(axis=1).tolist() == [1] * 1000
    vector = np.arange(1000, dtype=np.float32)
    first = (vector @ sketch)[:6].astype(int).tolist()
    assert first == FIRST


FIRST = [-2424, -631, 2310, -259, -4267, -151]


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**32))
def test_different_numbers_have_different_hashes(a: int, b: int, seed: int) -> None:
    hashed = splitmix64(np.array([a, b], dtype=np.uint64), seed)
    assert (hashed[0] == hashed[1]) == (a == b)


@pytest.mark.parametrize("dimensions", [256, 4096])
def test_inner_products_are_kept_on_average(dimensions: int) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 5000)) / np.sqrt(5000)
    errors = []
    for seed in range(50):
        sketch = count_sketch(5000, dimensions, seed)
        errors.append((a @ sketch) @ (b @ sketch) - a @ b)
    assert abs(np.mean(errors)) < 4 / np.sqrt(dimensions * len(errors))
    assert np.std(errors) < 1.5 / np.sqrt(dimensions)
