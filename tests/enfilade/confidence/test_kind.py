import numpy as np
import pytest

from enfilade.confidence.kind import NEAREST, fit_kind, kind, mean_of_nearest
from enfilade.confidence.strangers import STRANGERS, draw_strangers, stranger


def crowd(n: int, seed: int, spread: float = 0.1) -> np.ndarray:
    """Unit rows around one direction."""
    return unit(np.random.default_rng(seed).normal(0, spread, (n, 64)) + np.eye(64)[0])


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_candidates_serve_as_well_as_everybody() -> None:
    cosines = crowd(5, 2) @ crowd(200, 3).T
    ordered = np.sort(cosines, axis=1)
    assert mean_of_nearest(ordered[:, -40:]) == pytest.approx(mean_of_nearest(cosines))
    assert mean_of_nearest(cosines) == pytest.approx(ordered[:, -NEAREST:].mean(axis=1))


def test_a_collection_of_fewer_than_ten_is_averaged_whole_and_an_empty_one_is_like_nothing() -> None:
    cosines = crowd(2, 1) @ crowd(3, 4).T
    assert mean_of_nearest(cosines) == pytest.approx(cosines.mean(axis=1))
    assert mean_of_nearest(np.empty((3, 0))).tolist() == [0, 0, 0]
    assert mean_of_nearest(np.empty((0, 5))).shape == (0,)


def test_members_held_out_are_of_the_kind_and_strangers_are_not() -> None:
    members, unseen = crowd(300, 5), crowd(100, 6)
    far = unit(np.random.default_rng(7).normal(size=(100, 64)))
    among_themselves = members @ members.T
    np.fill_diagonal(among_themselves, -2)  # nobody is his own neighbour
    fitted = fit_kind(mean_of_nearest(among_themselves), mean_of_nearest(far[:50] @ members.T))
    assert kind(fitted, mean_of_nearest(unseen @ members.T)).mean() > 0.9
    assert kind(fitted, mean_of_nearest(far[50:] @ members.T)).mean() < 0.1


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_drawn_the_same_for_a_seed_and_otherwise_for_another(name: str) -> None:
    picture = stranger(name, 1)
    assert picture.mode == "RGB"
    assert picture.tobytes() == stranger(name, 1).tobytes() != stranger(name, 2).tobytes()


def test_strangers_are_drawn_as_many_of_each_kind() -> None:
    assert len(list(draw_strangers(2, seed=0))) == 2 * len(STRANGERS)
