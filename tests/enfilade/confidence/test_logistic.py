import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enfilade.confidence.logistic import Logistic, fit_logistic


def two_kinds(seed: int, apart: float = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(apart, 1, (300, 1)), rng.normal(0, 1, (500, 1))


@given(st.integers(0, 1000), st.floats(-3, 3))
def test_the_probability_never_falls_where_evidence_grows(seed: int, apart: float) -> None:
    fitted = fit_logistic(*two_kinds(seed, apart))
    probabilities = fitted.probability(np.linspace(-10, 10, 50)[:, None])
    assert np.all(np.diff(probabilities) >= 0)
    assert np.all((probabilities >= 0) & (probabilities <= 1))


def test_the_true_probability_is_found() -> None:
    rng = np.random.default_rng(0)
    evidence = rng.uniform(-3, 3, (20_000, 2))
    so = rng.random(20_000) < 1 / (1 + np.exp(-(evidence @ [2, 0.5] - 1)))
    fitted = fit_logistic(evidence[so], evidence[~so], balanced=False)
    assert fitted.weights == pytest.approx((2, 0.5), abs=0.1)
    assert fitted.bias == pytest.approx(-1, abs=0.1)


def test_balanced_it_does_not_matter_how_many_there_are_of_either() -> None:
    positive, negative = two_kinds(0)
    fewer = fit_logistic(positive, negative)
    more = fit_logistic(positive, np.repeat(negative, 20, axis=0))
    assert more.weights == pytest.approx(fewer.weights, rel=0.05)
    assert more.bias == pytest.approx(fewer.bias, rel=0.05)


def test_positives_hidden_among_the_negatives_hardly_matter() -> None:
    positive, negative = two_kinds(1, apart=8)
    hidden = np.concatenate([negative, positive[:25]])
    clean, robust, naive = (
        fit_logistic(positive, rows, contaminated=so)
        for rows, so in ((negative, False), (hidden, True), (hidden, False))
    )
    unclear = np.array([[8.0]])
    assert clean.probability(unclear)[0] - robust.probability(unclear)[0] < 0.01
    assert naive.probability(unclear)[0] < robust.probability(unclear)[0]


def test_kinds_far_apart_keep_their_weights_finite_and_their_probabilities_off_the_ends() -> None:
    fitted = fit_logistic(np.full((20, 1), 5.0), np.full((20, 1), -5.0))
    low, high = fitted.probability(np.array([[-5.0], [5.0]]))
    assert 0 < low < 0.1
    assert 0.9 < high < 1


def test_evidence_that_says_nothing_gives_an_even_chance() -> None:
    fitted = fit_logistic(np.ones((5, 1)), np.ones((50, 1)))
    assert fitted.probability(np.ones((1, 1)))[0] == pytest.approx(0.5, abs=0.1)


def test_without_both_kinds_nothing_can_be_fitted() -> None:
    with pytest.raises(ValueError, match="both"):
        fit_logistic(np.ones((5, 1)), np.empty((0, 1)))


def test_a_curve_comes_back_from_json() -> None:
    fitted = fit_logistic(*two_kinds(2))
    assert Logistic.from_dict(fitted.as_dict()) == fitted
