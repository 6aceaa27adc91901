from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.errors import TooFewImagesError
from enfilade.pca import PrincipalComponents, Projection, project

SEEDS = st.integers(0, 2**32 - 1)


def features(seed: int, n: int = 60, d: int = 12) -> NDArray[np.float32]:
    """Draw (n, d) rows around a mean far from 0, with variances that fall by half."""
    rng = np.random.default_rng(seed)
    spread = np.exp2(-np.arange(d))
    rotation, _ = np.linalg.qr(rng.normal(size=(d, d)))
    rows: NDArray[np.float64] = 5 + (rng.normal(size=(n, d)) * spread) @ rotation
    return rows.astype(np.float32)


def fit(rows: NDArray[np.float32], dimensions: int, *, chunks: tuple[int, ...] = ()) -> Projection:
    sums = PrincipalComponents(rows.shape[1])
    for start, stop in pairwise((0, *chunks, len(rows))):
        sums.add(rows[start:stop])
    return sums.fit(dimensions)


def assert_same(one: Projection, other: Projection) -> None:
    assert one.fitted_on == other.fitted_on
    np.testing.assert_allclose(one.mean, other.mean, atol=1e-12)
    np.testing.assert_allclose(one.scales, other.scales, rtol=1e-6)
    np.testing.assert_allclose(one.explained, other.explained, rtol=1e-6)
    np.testing.assert_allclose(one.components, other.components, atol=1e-6)


@given(SEEDS, st.integers(1, 12))
def test_components_are_orthonormal_and_their_variances_fall(seed: int, k: int) -> None:
    projection = fit(features(seed), k)
    np.testing.assert_allclose(projection.components @ projection.components.T, np.eye(k), atol=1e-12)
    assert (np.diff(projection.scales) <= 0).all()
    assert 0 < projection.explained.sum() <= 1 + 1e-12


@given(SEEDS)
def test_scales_are_the_singular_values_of_the_centred_rows_over_the_root_of_n_less_one(seed: int) -> None:
    rows = features(seed).astype(np.float64)
    singular = np.linalg.svd(rows - rows.mean(axis=0), compute_uv=False)
    projection = fit(features(seed), 5)
    np.testing.assert_allclose(projection.scales, singular[:5] / np.sqrt(59), rtol=1e-9)
    np.testing.assert_allclose(projection.explained, (singular**2 / (singular**2).sum())[:5], rtol=1e-9)


@given(SEEDS, st.sampled_from([0.0, 0.5, 1.0]))
def test_at_full_rank_a_projection_is_undone_up_to_length(seed: int, whitening: float) -> None:
    rows = features(seed)
    projection = fit(rows, 12)
    placed = project(projection, rows, whitening=whitening)
    undone = (placed * projection.scales**whitening) @ projection.components
    centred = rows - projection.mean
    undone /= np.linalg.norm(undone, axis=1, keepdims=True)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    np.testing.assert_allclose(undone, centred, atol=1e-5)


@given(SEEDS)
def test_full_rank_keeps_the_angles_of_the_centred_rows(seed: int) -> None:
    rows = features(seed)
    projection = fit(rows, 12)
    centred = rows - projection.mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    placed = project(projection, rows)
    np.testing.assert_allclose(placed @ placed.T, centred @ centred.T, atol=1e-5)


@given(SEEDS)
def test_neighbours_are_kept_by_few_dimensions_and_less_by_whitened_ones(seed: int) -> None:
    rows = features(seed, n=200)
    projection = fit(rows, 8)
    whole = nearest(project(fit(rows, 12), rows))
    kept = np.mean(nearest(project(projection, rows)) == whole)
    whitened = np.mean(nearest(project(projection, rows, whitening=1)) == whole)
    assert kept > 0.9
    assert kept > whitened


def nearest(placed: NDArray[np.float32]) -> NDArray[np.int64]:
    similarities: NDArray[np.float32] = placed @ placed.T
    np.fill_diagonal(similarities, -1)
    rows: NDArray[np.int64] = similarities.argmax(axis=1)
    return rows


@given(SEEDS)
def test_whitened_coordinates_have_unit_variance_before_they_are_made_directions(seed: int) -> None:
    rows = features(seed)
    projection = fit(rows, 6)
    whitened = (rows - projection.mean) @ projection.components.T / projection.scales
    np.testing.assert_allclose(np.cov(whitened.T), np.eye(6), atol=1e-8)
    lengths = np.linalg.norm(whitened, axis=1, keepdims=True)
    np.testing.assert_allclose(project(projection, rows, whitening=1), whitened / lengths, atol=1e-6)


@given(SEEDS, st.lists(st.integers(0, 60), max_size=5).map(sorted))
def test_chunks_do_not_matter(seed: int, chunks: list[int]) -> None:
    rows = features(seed)
    assert_same(fit(rows, 8, chunks=tuple(chunks)), fit(rows, 8))


@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows = features(seed)
    shuffled = np.random.default_rng(seed).permutation(rows)
    assert_same(fit(shuffled, 8, chunks=(17, 40)), fit(rows, 8))


@given(SEEDS)
def test_a_refit_gives_the_same_bytes(seed: int) -> None:
    rows = features(seed)
    assert fit(rows, 8).to_bytes() == fit(rows, 8).to_bytes()


@given(SEEDS)
def test_the_largest_entry_of_a_component_is_positive(seed: int) -> None:
    components = fit(features(seed), 12).components
    assert (components[np.arange(12), np.abs(components).argmax(axis=1)] > 0).all()


def test_of_two_entries_equally_large_the_first_is_positive() -> None:
    rows = np.array([[0.1, 0.3, 0], [0.3, 0.1, 0]], dtype=np.float32)
    for fitted in (fit(rows, 3), fit(rows[::-1], 3), fit(rows, 3, chunks=(1,))):
        np.testing.assert_allclose(fitted.components, [[np.sqrt(0.5), -np.sqrt(0.5), 0]], atol=1e-12)


@given(SEEDS)
def test_bytes_bring_back_the_projection(seed: int) -> None:
    projection = fit(features(seed), 5)
    restored = Projection.from_bytes(projection.to_bytes())
    assert restored.fitted_on == 60
    for field in ("mean", "components", "scales", "explained"):
        np.testing.assert_array_equal(getattr(restored, field), getattr(projection, field))
    assert restored.to_bytes() == projection.to_bytes()


def test_bytes_tell_no_time() -> None:
    archive = ZipFile(BytesIO(fit(features(0), 5).to_bytes()))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@settings(deadline=None)
@given(SEEDS)
def test_a_row_alone_lands_where_it_lands_among_others(seed: int) -> None:
    rows = features(seed)
    projection = fit(rows, 8)
    alone = np.concatenate([project(projection, row[None]) for row in rows])
    np.testing.assert_allclose(alone, project(projection, rows), atol=1e-7)


@given(SEEDS, st.sampled_from([0.0, 0.5, 1.0]))
def test_rows_have_unit_length(seed: int, whitening: float) -> None:
    rows = features(seed)
    placed = project(fit(rows, 3), features(seed + 1, n=5000), whitening=whitening)
    assert placed.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-6)


@given(SEEDS, st.integers(1, 5))
def test_equal_rows_become_the_first_basis_vector(seed: int, copies: int) -> None:
    rows = np.repeat(features(seed, n=1), copies, axis=0)
    projection = fit(rows, 8, chunks=(copies // 2,))
    np.testing.assert_array_equal(projection.mean, rows[0])
    np.testing.assert_array_equal(projection.scales, [0])
    np.testing.assert_array_equal(projection.explained, [0])
    for whitening in (0, 1):
        np.testing.assert_array_equal(project(projection, rows, whitening=whitening), np.ones((copies, 1)))


def test_a_row_at_the_mean_becomes_the_first_basis_vector() -> None:
    rows = np.array([[-1, 0], [1, 0], [0, -2], [0, 2]], dtype=np.float32)
    np.testing.assert_array_equal(project(fit(rows, 2), np.zeros((1, 2), dtype=np.float32)), [[1, 0]])


def test_two_rows_lie_opposite() -> None:
    rows = features(3, n=2)
    placed = project(fit(rows, 8), rows)
    np.testing.assert_array_equal(np.sort(placed, axis=0), [[-1], [1]])


@given(SEEDS, st.integers(1, 20), st.integers(1, 8), st.integers(1, 20))
def test_dimensions_are_bounded_by_the_rank(seed: int, n: int, rank: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(-9, 10, size=(n, rank)) @ np.eye(rank, 12)  # exact, so that the rank is known
    centred = np.linalg.matrix_rank(rows - rows.mean(axis=0))
    assert len(fit(rows.astype(np.float32), k).scales) == max(1, min(k, centred))


def test_nothing_can_not_be_fitted() -> None:
    sums = PrincipalComponents(4)
    sums.add(np.empty((0, 4), dtype=np.float32))
    with pytest.raises(TooFewImagesError):
        sums.fit(2)
