from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import norm, skew

from enfilade.evaluation.directions import unit_rows
from enfilade.evaluation.hubness import hubness_of, rescaled_hubness
from enfilade.evaluation.rescaling import cross_domain_scaling, mutual_proximity, nearest_under
from enfilade.evaluation.retrieval import label_codes
from enfilade.knn import angles_of_pairs, knn_graph

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None, max_examples=30)


def directions(seed: int, n: int, d: int = 6) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return unit_rows(rows)


def hubby(n: int = 600) -> NDArray[np.float32]:
    """Draw directions about one mean: those near it are near to all."""
    rows = np.random.default_rng(0).normal(size=(n, 100)) + 0.6
    return unit_rows(rows)


def all_angles(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    n = len(vectors)
    row, column = np.divmod(np.arange(n * n), n)
    angles = angles_of_pairs(vectors, row, column).reshape(n, n).astype(np.float64)
    np.fill_diagonal(angles, np.nan)
    return angles


def first_by(distances: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    return np.argsort(distances, axis=1, kind="stable")[:, :k]  # nan comes last


@given(SEEDS, st.integers(2, 40), st.integers(1, 15))
def test_hubness_is_that_of_counting(seed: int, n: int, k: int) -> None:
    neighbours = np.random.default_rng(seed).integers(n, size=(n, k))
    found = hubness_of(neighbours)
    times = Counter(neighbours[:, :10].ravel().tolist())
    counts = [times[image] for image in range(n)]
    assert found.orphans == pytest.approx(counts.count(0) / n)
    assert found.most == max(counts)
    assert sum(found.in_degrees) == n
    assert found.in_degrees[:40] == tuple(counts.count(degree) for degree in range(40))
    if np.std(counts) > 0:
        assert found.skew == pytest.approx(float(skew(counts)), abs=1e-9)


def test_a_ring_has_no_hubs() -> None:
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = hubness_of(knn_graph(ring, 10).neighbours)
    assert found.orphans == 0
    assert abs(found.skew) < 0.5


@LAWS
@given(SEEDS, st.integers(12, 60))
def test_unrescaled_neighbours_are_those_of_the_graph(seed: int, n: int) -> None:
    vectors = directions(seed, n)
    found = nearest_under(vectors, lambda _, cosines: cosines, 10, np.arange(n))
    np.testing.assert_array_equal(found, knn_graph(vectors, 10).neighbours)


@LAWS
@given(SEEDS, st.integers(12, 60))
def test_mutual_proximity_is_the_product_of_two_chances(seed: int, n: int) -> None:
    vectors = directions(seed, n)
    angles = all_angles(vectors)
    means, deviations = np.nanmean(angles, axis=1), np.nanstd(angles, axis=1)
    further = norm.sf(angles, means[:, None], deviations[:, None]) * norm.sf(angles, means, deviations)
    found = nearest_under(vectors, mutual_proximity(vectors), 10, np.arange(n))
    expected = np.take_along_axis(further, first_by(-further, 10), axis=1)
    np.testing.assert_allclose(np.take_along_axis(further, found, axis=1), expected, atol=1e-5)


@LAWS
@given(SEEDS, st.integers(12, 60))
def test_csls_subtracts_how_near_each_is_to_its_nearest(seed: int, n: int) -> None:
    vectors = directions(seed, n)
    cosines = np.cos(all_angles(vectors))
    means = -np.sort(-cosines, axis=1)[:, :10].mean(axis=1)  # nan comes last
    likeness = 2 * cosines - means[:, None] - means
    found = nearest_under(vectors, cross_domain_scaling(vectors), 10, np.arange(n))
    expected = np.take_along_axis(likeness, first_by(-likeness, 10), axis=1)
    np.testing.assert_allclose(np.take_along_axis(likeness, found, axis=1), expected, atol=1e-5)


def test_near_twins_stay_nearest_under_mutual_proximity() -> None:
    """Their chances are 1 to every digit, and only the logarithms tell them apart."""
    base = directions(0, 200, 400).astype(np.float64)
    rows = np.concatenate([base, base + 1e-3 * directions(1, 200, 400), base + 1e-2 * directions(2, 200, 400)])
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    found = nearest_under(vectors, mutual_proximity(vectors), 2, np.arange(600))
    np.testing.assert_array_equal(found[:200, 0], np.arange(200, 400))
    np.testing.assert_array_equal(found[:200, 1], np.arange(400, 600))


def test_rescaling_makes_hubs_smaller() -> None:
    found = rescaled_hubness(hubby(), {})
    assert found["none"].hubness.skew > 1
    for name in ("mutual_proximity", "csls"):
        assert found[name].hubness.skew < found["none"].hubness.skew / 2
        assert found[name].hubness.orphans < found["none"].hubness.orphans


def test_rescaling_finds_neighbours_among_the_labelled_only() -> None:
    vectors = directions(0, 60)
    members = np.arange(0, 60, 2)
    found = nearest_under(vectors, mutual_proximity(vectors), 10, members)
    assert found.shape == (30, 10)
    assert found.max() < 30
    labels = [None if image % 2 else "a" for image in range(60)]
    assert rescaled_hubness(vectors, {"style": label_codes(labels)})["csls"].map_at_10 == {"style": 1.0}


def test_ten_images_are_too_few_to_rescale() -> None:
    assert rescaled_hubness(directions(0, 10), {}) == {}
    assert len(rescaled_hubness(directions(0, 11), {})) == 3
