import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from enfilade.evaluation.intervals import estimate_difference, estimate_mean

VALUES = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))
LAWS = settings(deadline=None, max_examples=30)


@LAWS
@given(VALUES)
def test_an_interval_holds_its_mean(values: np.ndarray) -> None:
    found = estimate_mean(values)
    assert found is not None
    assert found.value == pytest.approx(values.mean())
    assert found.low <= found.value + 1e-12
    assert found.high >= found.value - 1e-12


@LAWS
@given(VALUES)
def test_a_thing_differs_from_itself_by_exactly_nothing(values: np.ndarray) -> None:
    found = estimate_difference(values, values)
    assert found is not None
    assert (found.value, found.low, found.high) == (0, 0, 0)


@LAWS
@given(VALUES)
def test_the_same_seed_gives_the_same_interval(values: np.ndarray) -> None:
    assert estimate_mean(values, seed=3) == estimate_mean(values, seed=3)


def test_the_interval_of_a_mean_is_about_as_wide_as_its_standard_error_says() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    found = estimate_mean(values)
    assert found is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(1000), rel=0.1)


def test_a_paired_difference_is_surer_than_either_mean() -> None:
    rng = np.random.default_rng(0)
    one = rng.random(500)
    found, alone = estimate_difference(one + 0.01 + rng.normal(0, 0.01, 500), one), estimate_mean(one)
    assert found is not None
    assert alone is not None
    assert found.low > 0
    assert found.high - found.low < (alone.high - alone.low) / 10


def test_nothing_has_no_interval_and_different_numbers_do_not_pair() -> None:
    assert estimate_mean(np.zeros(0)) is None
    with pytest.raises(ValueError, match="paired"):
        estimate_difference(np.zeros(2), np.zeros(3))
