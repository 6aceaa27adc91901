from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from enfilade.evaluation.pairs import Pairs, choose_pairs, evaluate_pairs, roc_auc, triplet_scores

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None)
LIKENESSES = arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 9).map(float))


def keys_of(n: int) -> list[bytes]:
    return [sha256(str(image).encode()).digest() for image in range(n)]


def draw(seed: int, n: int, values: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(-1, values, size=n)


def triplets(pairs: Pairs, keys: list[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
    rows = zip(pairs.anchors.tolist(), pairs.similar.tolist(), pairs.dissimilar.tolist(), strict=True)
    return {keys[anchor]: (keys[similar], keys[dissimilar]) for anchor, similar, dissimilar in rows}


@LAWS
@given(SEEDS, st.integers(0, 60))
def test_pairs_share_a_label_or_do_not_and_never_a_group(seed: int, n: int) -> None:
    codes, groups = draw(seed, n, 4), draw(seed + 1, n, 9)
    pairs = choose_pairs(keys_of(n), codes, groups, label="style")
    assert (codes[pairs.similar] == codes[pairs.anchors]).all()
    assert (codes[pairs.dissimilar] != codes[pairs.anchors]).all()
    for partner in (pairs.similar, pairs.dissimilar):
        assert (groups[partner] != groups[pairs.anchors]).all()
        assert (codes[partner] >= 0).all()
        assert (groups[partner] >= 0).all()
    assert len(np.unique(pairs.anchors)) == len(pairs.anchors)


@LAWS
@given(SEEDS, st.integers(0, 60))
def test_every_image_that_has_both_partners_is_an_anchor(seed: int, n: int) -> None:
    codes, groups = draw(seed, n, 3), draw(seed + 1, n, 5)
    others = (codes >= 0) & (groups >= 0)
    strangers = others[:, None] & others & (groups[:, None] != groups)
    alike = codes[:, None] == codes
    able = (strangers & alike).any(axis=1) & (strangers & ~alike).any(axis=1)
    pairs = choose_pairs(keys_of(n), codes, groups, label="style")
    np.testing.assert_array_equal(pairs.anchors, np.flatnonzero(able))


@LAWS
@given(SEEDS, st.integers(2, 60))
def test_without_groups_nothing_pairs_with_itself(seed: int, n: int) -> None:
    pairs = choose_pairs(keys_of(n), draw(seed, n, 4), label="artist")
    assert (pairs.similar != pairs.anchors).all()


@LAWS
@given(SEEDS, st.integers(4, 60))
def test_an_image_that_comes_changes_only_the_pairs_it_is_in(seed: int, n: int) -> None:
    keys, codes, groups = keys_of(n), draw(seed, n, 3), draw(seed + 1, n, 6)
    before = triplets(choose_pairs(keys[:-1], codes[:-1], groups[:-1], label="style"), keys)
    after = triplets(choose_pairs(keys, codes, groups, label="style"), keys)
    for anchor, partners in before.items():
        for old, new in zip(partners, after[anchor], strict=True):
            assert new in (old, keys[-1])
    # An anchor that is new had lacked a partner, or is the one that came.
    assert all(keys[-1] in (anchor, *after[anchor]) for anchor in after.keys() - before.keys())


@LAWS
@given(SEEDS, st.integers(2, 60), st.integers(0, 20))
def test_the_order_of_images_changes_no_pair(seed: int, n: int, most: int) -> None:
    keys, codes, groups = keys_of(n), draw(seed, n, 3), draw(seed + 1, n, 6)
    order = np.random.default_rng(seed).permutation(n)
    turned = choose_pairs([keys[image] for image in order], codes[order], groups[order], label="style", most=most)
    one = triplets(choose_pairs(keys, codes, groups, label="style", most=most), keys)
    assert one == triplets(turned, [keys[image] for image in order])
    assert len(one) <= most


def test_pairs_are_the_same_for_ever() -> None:
    """Else figures of two versions would not compare."""
    pairs = choose_pairs(keys_of(8), np.array([0, 0, 0, 1, 1, 1, 2, 2]), label="style")
    assert pairs.similar.tolist() == [1, 0, 0, 5, 5, 3, 7, 6]
    assert pairs.dissimilar.tolist() == [3, 4, 5, 0, 7, 1, 2, 2]


def test_each_label_has_pairs_of_its_own() -> None:
    codes = np.arange(200) % 2
    one, other = (choose_pairs(keys_of(200), codes, label=label) for label in ("style", "artist"))
    assert (one.similar != other.similar).mean() > 0.9


def test_partners_are_spread_over_the_images() -> None:
    pairs = choose_pairs(keys_of(2000), np.arange(2000) % 2, label="style")
    # Drawn at random, 1 - 1/e of them would be chosen at least once.
    assert len(np.unique(pairs.similar)) / 2000 == pytest.approx(1 - np.exp(-1), abs=0.03)


@LAWS
@given(LIKENESSES, LIKENESSES)
def test_roc_auc_is_the_share_of_comparisons_won(similar: NDArray[np.float64], dissimilar: NDArray[np.float64]) -> None:
    won = np.sign(similar[:, None] - dissimilar).mean() / 2 + 0.5
    assert roc_auc(similar, dissimilar) == pytest.approx(won)
    statistic = mannwhitneyu(similar, dissimilar, method="asymptotic").statistic
    assert roc_auc(similar, dissimilar) * len(similar) * len(dissimilar) == pytest.approx(float(statistic))


def test_separable_likenesses_have_an_area_of_one_and_equal_ones_of_a_half() -> None:
    assert roc_auc(np.array([0.5, 0.9]), np.array([0.1, 0.2, 0.4])) == 1
    assert roc_auc(np.array([0.1, 0.2]), np.array([0.5])) == 0
    assert roc_auc(np.ones(5), np.ones(3)) == 0.5
    with pytest.raises(ValueError, match="both kinds"):
        roc_auc(np.ones(5), np.zeros(0))


def test_a_tied_triplet_is_half_right() -> None:
    np.testing.assert_array_equal(triplet_scores(np.array([1.0, 0, 0.5]), np.array([0.0, 1, 0.5])), [1, 0, 0.5])


def test_a_space_that_is_its_label_tells_all_pairs_apart() -> None:
    codes = np.repeat(np.arange(6), 5)
    found = evaluate_pairs(np.eye(6, dtype=np.float32)[codes], choose_pairs(keys_of(30), codes, label="style"))
    assert found is not None
    assert (found.roc_auc.value, found.roc_auc.low, found.triplet_accuracy.value, found.pairs) == (1, 1, 1, 60)


def test_a_space_of_one_place_tells_none_apart() -> None:
    codes = np.repeat(np.arange(6), 5)
    found = evaluate_pairs(np.ones((30, 1), dtype=np.float32), choose_pairs(keys_of(30), codes, label="style"))
    assert found is not None
    assert (found.roc_auc.value, found.roc_auc.interval, found.triplet_accuracy.value) == (0.5, [0.5, 0.5], 0.5)


def test_where_no_pair_is_to_be_had_nothing_is_measured() -> None:
    same = choose_pairs(keys_of(5), np.zeros(5, dtype=np.int64), label="style")
    assert evaluate_pairs(np.ones((5, 1), dtype=np.float32), same) is None
