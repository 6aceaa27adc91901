import numpy as np
import pytest

from enfilade.confidence.alike import alike, fit_alike


def neighbourhood(n: int = 400, k: int = 10, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours, angles and codes where the chance to share falls with the angle as 1 - angle."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(2), n // 2)
    angles = np.sort(rng.uniform(0, 1, (n, k)), axis=1)
    shares = rng.random((n, k)) < 1 - angles
    others = (np.arange(n)[:, None] + rng.integers(1, n // 2, (n, k))) % (n // 2)  # nobody is his own neighbour
    side = np.where(shares, codes[:, None], 1 - codes[:, None])
    return others + side * (n // 2), angles, codes


def test_the_probability_falls_with_the_angle_and_keeps_its_word() -> None:
    neighbours, angles, codes = neighbourhood()
    fitted = fit_alike(angles, codes, codes[neighbours])
    assert fitted is not None
    asked = np.linspace(0.05, 0.95, 10)
    told = alike(fitted, asked)
    assert np.all(np.diff(told) < 0)
    assert told == pytest.approx(1 - asked, abs=0.1)


def test_where_nothing_is_labelled_or_all_share_there_is_no_probability() -> None:
    neighbours, angles, codes = neighbourhood()
    assert fit_alike(angles, np.full_like(codes, -1), codes[neighbours]) is None
    assert fit_alike(angles, np.zeros_like(codes), np.zeros_like(neighbours)) is None


def test_pairs_of_one_group_teach_nothing() -> None:
    neighbours, angles, codes = neighbourhood()
    found = codes[neighbours]
    assert fit_alike(angles, codes, found, (np.zeros_like(codes), np.zeros_like(found))) is None
    assert fit_alike(angles, codes, found, (np.arange(len(codes)), neighbours)) == fit_alike(angles, codes, found)
