from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enfilade.evaluation.baselines import (
    hellinger,
    random_vectors,
    rgb_histogram,
    seed_vectors,
    shuffled,
    uncentred_directions,
)

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("n", "d"), [(60, 20), (20, 60), (30, 30)])
def test_the_articles_directions_are_those_of_an_uncentred_svd(n: int, d: int) -> None:
    features = np.random.default_rng(n).normal(1, 1, size=(n, d))
    expected = np.linalg.svd(features, full_matrices=False)[0][:, :10]
    found = uncentred_directions(features, 10)
    np.testing.assert_allclose(np.abs(found.T @ expected), np.eye(10), atol=1e-8)


def test_the_articles_vectors_are_its_directions_scaled_to_unit_length() -> None:
    features = np.random.default_rng(0).normal(1, 1, size=(40, 30))
    u = np.linalg.svd(features, full_matrices=False)[0][:, :10]
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    found = seed_vectors(features)
    np.testing.assert_allclose(found @ found.T, u @ u.T, atol=1e-5)


def test_directions_that_are_only_rounding_are_left_out() -> None:
    features = np.random.default_rng(0).normal(size=(40, 3)) @ np.random.default_rng(1).normal(size=(3, 20))
    assert uncentred_directions(features, 10).shape == (40, 3)
    assert np.isfinite(seed_vectors(np.zeros((5, 4)))).all()


@given(SEEDS)
def test_a_histogram_counts_colours_in_boxes(seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(256, size=(5, 7, 3), dtype=np.uint8)
    boxes = Counter(tuple(channel // 32 for channel in pixel) for pixel in pixels.reshape(-1, 3).tolist())
    found = rgb_histogram(pixels)
    assert found.sum() == pytest.approx(1)
    for red, green, blue in np.ndindex(8, 8, 8):
        assert found[64 * red + 8 * green + blue] == pytest.approx(boxes[red, green, blue] / 35)


def test_a_picture_without_pixels_has_no_histogram() -> None:
    with pytest.raises(ValueError, match="no colours"):
        rgb_histogram(np.zeros((0, 4, 3), dtype=np.uint8))


def test_the_inner_product_of_histograms_is_their_bhattacharyya_coefficient() -> None:
    one, other = np.random.default_rng(0).dirichlet(np.ones(512), size=2)
    placed = hellinger(np.stack([one, other]))
    assert placed[0] @ placed[1] == pytest.approx(np.sqrt(one * other).sum(), abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-6)


def test_random_vectors_are_the_same_for_a_seed_and_of_unit_length() -> None:
    np.testing.assert_array_equal(random_vectors(20, seed=1), random_vectors(20, seed=1))
    assert (random_vectors(20, seed=1) != random_vectors(20, seed=2)).any()
    np.testing.assert_allclose(np.linalg.norm(random_vectors(20), axis=1), 1, atol=1e-6)


@given(st.lists(st.sampled_from(["a", "b", "c", None])), SEEDS)
def test_shuffling_keeps_the_values_and_who_has_one(labels: list[str | None], seed: int) -> None:
    dealt = shuffled(labels, seed=seed)
    assert Counter(dealt) == Counter(labels)
    assert [value is None for value in dealt] == [value is None for value in labels]
    assert dealt == shuffled(labels, seed=seed)
