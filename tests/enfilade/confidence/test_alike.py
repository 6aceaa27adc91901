import numpy as np
import pytest

from enfilade.confidence.alike import NEAREST, agreeing, alike, fit_alike

LABELS = 9


def neighbourhoods(n: int = 600, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours' angles, the labels of those who ask, and the neighbours', which are theirs the more the nearer."""
    rng = np.random.default_rng(seed)
    asked = rng.integers(0, LABELS, n)
    angles = np.sort(rng.uniform(0, 1, (n, NEAREST)), axis=1)
    at_home = rng.random((n, 1))  # some lie among their like, some do not
    shares = rng.random((n, NEAREST)) < at_home * (1 - angles)
    return (
        angles,
        asked,
        np.where(shares, asked[:, None], (asked[:, None] + rng.integers(1, LABELS, shares.shape)) % LABELS),
    )


def test_the_probability_falls_with_the_angle_and_rises_with_those_that_agree() -> None:
    fitted = fit_alike(*neighbourhoods())
    assert fitted is not None
    steps, half = np.linspace(0.05, 0.95, 10), np.full(10, 0.5)
    assert np.all(np.diff(alike(fitted, steps, half)) < 0)
    assert np.all(np.diff(alike(fitted, half, steps)) > 0)


def test_the_probability_keeps_its_word_on_others() -> None:
    fitted = fit_alike(*neighbourhoods())
    assert fitted is not None
    angles, asked, found = neighbourhoods(seed=1)
    inside = np.ones(NEAREST, dtype=np.bool_)
    told = np.array([alike(fitted, angles[row], agreeing(found[row], found[row], inside)) for row in range(len(asked))])
    shared = found == asked[:, None]
    for low in np.arange(0, 1, 0.2):
        some = (told >= low) & (told < low + 0.2)
        if some.sum() > 500:
            assert shared[some].mean() == pytest.approx(told[some].mean(), abs=0.06)


def test_where_nothing_is_labelled_or_all_share_there_is_no_probability() -> None:
    angles, asked, found = neighbourhoods()
    assert fit_alike(angles, np.full_like(asked, -1), found) is None
    assert fit_alike(angles, asked, np.full_like(found, -1)) is None
    assert fit_alike(angles, np.zeros_like(asked), np.zeros_like(found)) is None


def test_a_result_is_not_counted_for_itself_nor_what_bears_no_label() -> None:
    near = np.array([1, 1, 2, -1])
    assert agreeing(near, near, np.ones(4, dtype=np.bool_)).tolist() == [0.5, 0.5, 0, 0]
    assert agreeing(np.array([1, 3]), near, np.zeros(2, dtype=np.bool_)) == pytest.approx([2 / 3, 0])
    assert agreeing(np.array([1]), np.array([], dtype=np.int64), np.zeros(1, dtype=np.bool_)).tolist() == [0]
