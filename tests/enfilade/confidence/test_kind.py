import numpy as np
import pytest

from enfilade.confidence.kind import NEAREST, fit_kind, join_features, kind, likeness, mean_of_nearest
from enfilade.confidence.strangers import STRANGERS, draw_strangers, stranger


def crowd(n: int, seed: int, spread: float = 0.1) -> np.ndarray:
    """Unit rows around one direction."""
    rows = np.random.default_rng(seed).normal(0, spread, (n, 64)) + np.eye(64)[0]
    return join_features([rows])


def test_features_side_by_side_count_the_same_whatever_their_scale() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(4, 8)), rng.normal(size=(4, 3))
    joined = join_features([one, other])
    assert joined.shape == (4, 11)
    assert np.linalg.norm(joined, axis=1) == pytest.approx(1)
    assert np.allclose(joined, join_features([1000 * one, 0.1 * other]), atol=1e-6)
    assert not np.isnan(join_features([np.zeros((1, 3))])).any()


def test_a_member_is_not_its_own_neighbour() -> None:
    members = crowd(40, 1)
    everyone = np.arange(40)
    cosines = members @ members.T
    np.fill_diagonal(cosines, -2)
    assert likeness(members, members, everyone) == pytest.approx(np.sort(cosines)[:, -NEAREST:].mean(axis=1), abs=1e-5)
    assert np.all(likeness(members, members) > likeness(members, members, everyone))


def test_candidates_serve_as_well_as_everybody() -> None:
    queries, members = crowd(5, 2), crowd(200, 3)
    cosines = queries @ members.T
    candidates = np.sort(cosines, axis=1)[:, -40:]
    assert mean_of_nearest(candidates) == pytest.approx(likeness(queries, members), abs=1e-6)


def test_a_collection_of_fewer_than_ten_is_averaged_whole_and_an_empty_one_is_like_nothing() -> None:
    members = crowd(3, 4)
    assert likeness(members[:1], members) == pytest.approx((members[:1] @ members.T).mean(axis=1), abs=1e-6)
    assert likeness(members, np.empty((0, 64), np.float32)).tolist() == [0, 0, 0]
    assert likeness(members[:0], members).shape == (0,)


def test_members_held_out_are_of_the_kind_and_strangers_are_not() -> None:
    members, unseen = crowd(300, 5), crowd(100, 6)
    far = join_features([np.random.default_rng(7).normal(size=(100, 64))])
    fitted = fit_kind(likeness(members, members, np.arange(300)), likeness(far[:50], members))
    assert kind(fitted, likeness(unseen, members)).mean() > 0.9
    assert kind(fitted, likeness(far[50:], members)).mean() < 0.1


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_drawn_the_same_for_a_seed_and_otherwise_for_another(name: str) -> None:
    picture = stranger(name, 1)
    assert picture.mode == "RGB"
    assert picture.tobytes() == stranger(name, 1).tobytes() != stranger(name, 2).tobytes()


def test_strangers_are_drawn_as_many_of_each_kind() -> None:
    assert len(list(draw_strangers(2, seed=0))) == 2 * len(STRANGERS)
