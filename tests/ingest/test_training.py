from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.errors import EnfiladeError, TooFewLabelsError
from enfilade.heads import Head, apply, set_beside
from ingest import training
from ingest.held_out import held_out
from ingest.losses import supervised_contrastive, triplet
from ingest.training import TrainingRecipe, train
from ingest.training_recipe import labelled, steps

QUICK = TrainingRecipe(epochs=1, steps_at_least=5, dimensions=8, classes=4, batch=32)
LOSSES = pytest.mark.parametrize(
    "recipe",
    [
        TrainingRecipe(),
        TrainingRecipe(loss="triplet"),
        TrainingRecipe(loss="triplet", mining="hard"),
        TrainingRecipe(hidden=64),
    ],
    ids=["supcon", "semi-hard", "hard", "two layers"],
)


def clusters(seed: int, images: int = 60, classes: int = 6) -> tuple[NDArray[np.float32], list[str]]:
    """Draw unit rows (n, 24): the class decides 4 weak coordinates, chance the other 20."""
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(classes, 4))
    codes = np.repeat(np.arange(classes), images)
    drawn = np.random.default_rng(seed).normal(size=(len(codes), 24))
    drawn[:, 20:] = 0.8 * centres[codes] + 0.2 * drawn[:, 20:]
    rows = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return rows.astype(np.float32), [f"class {code}" for code in codes]


def share_of_kin(rows: NDArray[np.float32], labels: list[str]) -> float:
    """How many of the ten nearest are of the same class, on average."""
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argsort(-likeness, axis=1)[:, :10]
    names = np.array(labels)
    return float((names[nearest] == names[:, None]).mean())


def assert_same(one: Head, other: Head) -> None:
    assert {name: array.tobytes() for name, array in one.arrays().items()} == {
        name: array.tobytes() for name, array in other.arrays().items()
    }


@LOSSES
def test_a_trained_head_ranks_images_it_never_saw_better_than_the_frozen_features(recipe: TrainingRecipe) -> None:
    head = train(*clusters(0), recipe)
    rows, labels = clusters(1)
    frozen = share_of_kin(rows, labels)
    assert share_of_kin(apply(head, rows), labels) > frozen + 0.1
    assert share_of_kin(set_beside(head, rows, frozen=24, share=0.5), labels) > frozen + 0.05


def test_true_labels_teach_what_shuffled_ones_do_not() -> None:
    rows, labels = clusters(0)
    shuffled = [labels[place] for place in np.random.default_rng(0).permutation(len(labels))]
    unseen, known = clusters(1)
    taught, misled = (apply(train(rows, names, TrainingRecipe()), unseen) for names in (labels, shuffled))
    assert share_of_kin(taught, known) > share_of_kin(misled, known) + 0.1


@LOSSES
def test_the_same_seed_gives_the_same_head_and_another_seed_another(recipe: TrainingRecipe) -> None:
    short = replace(recipe, epochs=1, steps_at_least=5)
    once = train(*clusters(0), short)
    assert_same(train(*clusters(0), short), once)
    other = train(*clusters(0), replace(short, seed=1))
    assert other.weights[0].tobytes() != once.weights[0].tobytes()


def test_training_leaves_torchs_own_seed_and_threads_alone() -> None:
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    train(*clusters(0), QUICK)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_num_threads() == threads


@LOSSES
def test_torch_trains_the_very_function_that_numpy_applies(recipe: TrainingRecipe) -> None:
    rows, labels = clusters(0)
    head = train(rows, labels, replace(recipe, epochs=1, steps_at_least=5))
    layers = [(torch.from_numpy(w), torch.from_numpy(b)) for w, b in zip(head.weights, head.biases, strict=True)]
    placed = training._forward(layers, torch.from_numpy(rows), 0.0, torch.Generator())
    np.testing.assert_allclose(apply(head, rows), placed.numpy(), atol=1e-5)


def test_images_without_a_label_of_company_change_nothing() -> None:
    rows, labels = clusters(0)
    more = np.concatenate([rows[:1], rows, rows[:2]])
    assert_same(train(more, ["alone", *labels, None, ""], QUICK), train(rows, labels, QUICK))


@given(st.lists(st.sampled_from([None, "", "a", "b", "c", "d"]), max_size=20))
def test_the_rows_to_train_on_are_those_whose_label_another_has_too(labels: list[str | None]) -> None:
    wanted = [row for row, label in enumerate(labels) if label and labels.count(label) > 1]
    names = sorted({labels[row] or "" for row in wanted})
    if len(names) < 2:
        with pytest.raises(TooFewLabelsError):
            labelled(labels)
        return
    rows, classes = labelled(labels)
    assert rows.tolist() == wanted
    assert [names[code] for code in classes] == [labels[row] for row in wanted]


@pytest.mark.parametrize(
    ("labels", "words"),
    [(["a", "a", "b"], "only one such label"), (["a", "b", None], "no such label"), ([None] * 3, "no such label")],
)
def test_too_few_labels_are_refused_in_words(labels: list[str | None], words: str) -> None:
    with pytest.raises(EnfiladeError, match=words):
        train(np.eye(3, dtype=np.float32), labels, QUICK)


def test_two_classes_of_two_images_are_enough() -> None:
    head = train(np.eye(4, dtype=np.float32), ["a", "a", "b", "b"], QUICK)
    assert all(np.isfinite(array).all() for array in head.arrays().values())


@LOSSES
def test_equal_rows_of_different_labels_train_without_harm(recipe: TrainingRecipe) -> None:
    head = train(np.ones((8, 4), np.float32), list("aabbccdd"), replace(recipe, epochs=1, steps_at_least=5))
    assert all(np.isfinite(array).all() for array in head.arrays().values())


def test_every_step_is_told() -> None:
    told: list[int] = []
    rows, labels = clusters(0)
    train(rows, labels, QUICK, told.append)
    assert told == [1] * steps(len(rows), QUICK)


def test_steps_go_by_epochs_unless_there_are_few_images() -> None:
    assert steps(10, TrainingRecipe()) == 100
    assert steps(2906, TrainingRecipe()) == 12 * 20


def test_a_batch_has_as_many_of_each_class_and_none_twice() -> None:
    classes = torch.tensor([0] * 50 + [1] * 50 + [2] * 3 + [3] * 50)
    batches = list(training._batches(classes, QUICK, 5, torch.Generator().manual_seed(0)))
    assert len(batches) == 5
    for batch in batches:
        assert len(set(batch.tolist())) == len(batch)
        assert torch.bincount(classes[batch]).tolist() == [8, 8, 3, 8]


def test_a_recipe_names_what_decides_the_outcome_and_nothing_else() -> None:
    assert TrainingRecipe().as_dict() == TrainingRecipe(margin=0.5, mining="hard").as_dict()
    assert TrainingRecipe(loss="triplet").as_dict() == TrainingRecipe(loss="triplet", temperature=1).as_dict()
    for change in ({"temperature": 0.2}, {"seed": 1}, {"epochs": 5}, {"share": 0.4}, {"hidden": 8}):
        assert TrainingRecipe(**change).as_dict() != TrainingRecipe().as_dict()
    assert {"margin", "mining", "epochs", "seed"} <= TrainingRecipe(loss="triplet").as_dict().keys()


def directions(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(12, 3))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), np.repeat(np.arange(4), 3)


@given(st.integers(0, 10**6))
def test_the_contrastive_loss_is_that_of_a_direct_computation(seed: int) -> None:
    rows, classes = directions(seed)
    wanted = []
    for anchor in range(12):
        others = [row for row in range(12) if row != anchor]
        whole = np.log(sum(np.exp(rows[anchor] @ rows[other] / 0.1) for other in others))
        kin = [row for row in others if classes[row] == classes[anchor]]
        wanted.append(-np.mean([rows[anchor] @ rows[row] / 0.1 - whole for row in kin]))
    loss = supervised_contrastive(torch.from_numpy(rows), torch.from_numpy(classes), 0.1)
    assert float(loss) == pytest.approx(np.mean(wanted))


@given(st.integers(0, 10**6))
def test_the_semi_hard_triplet_loss_is_that_of_a_direct_computation(seed: int) -> None:
    rows, classes = directions(seed)
    distances = np.linalg.norm(rows[:, None] - rows[None, :], axis=2)
    short = []
    for anchor, positive in zip(*np.nonzero(classes[:, None] == classes[None, :]), strict=True):
        if anchor == positive:
            continue
        near, others = distances[anchor, positive], distances[anchor, classes != classes[anchor]]
        far = others[others > near].min() if (others > near).any() else others.max()
        short.append(max(0.0, near - far + 0.2))
    wanted = sum(short) / max(1, sum(amount > 0 for amount in short))
    loss = triplet(torch.from_numpy(rows), torch.from_numpy(classes), 0.2, "semi-hard")
    assert float(loss) == pytest.approx(wanted, abs=1e-6)


@given(st.integers(0, 10**6))
def test_the_hard_triplet_of_an_anchor_is_its_farthest_kin_and_nearest_stranger(seed: int) -> None:
    rows, classes = directions(seed)
    distances = np.linalg.norm(rows[:, None] - rows[None, :], axis=2)
    kin = classes[:, None] == classes[None, :]
    near, far = np.where(kin, distances, -1).max(axis=1), np.where(kin, 9, distances).min(axis=1)
    short = np.maximum(0, near - far + 0.2)
    wanted = short.sum() / max(1, (short > 0).sum())
    loss = triplet(torch.from_numpy(rows), torch.from_numpy(classes), 0.2, "hard")
    assert float(loss) == pytest.approx(wanted, abs=1e-6)


@given(st.binary(min_size=32, max_size=32), st.floats(0, 1), st.floats(0, 1))
def test_at_a_larger_share_the_images_of_a_smaller_one_stay_held_out(key: bytes, one: float, other: float) -> None:
    less, more = sorted([one, other])
    assert held_out(key, more) or not held_out(key, less)
    assert held_out(key, 1)
    assert not held_out(key, 0)


def test_about_the_share_asked_for_is_held_out() -> None:
    keys = [number.to_bytes(32, "big") for number in range(4000)]
    assert np.mean([held_out(key, 0.2) for key in keys]) == pytest.approx(0.2, abs=0.03)


def test_what_is_held_out_never_drifts() -> None:
    keys = [number.to_bytes(32, "big") for number in range(12)]
    assert [number for number, key in enumerate(keys) if held_out(key, 0.3)] == [1, 6]
