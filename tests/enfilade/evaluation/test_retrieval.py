import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.evaluation.directions import unit_rows
from enfilade.evaluation.retrieval import ExactNeighbours, label_codes, retrieve
from enfilade.knn import angles_of_pairs

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None)


def directions(seed: int, n: int, d: int = 6) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, d))
    return unit_rows(rows)


def draw_labels(seed: int, n: int, values: int = 4) -> list[str | None]:
    drawn = np.random.default_rng(seed).integers(values + 1, size=n)
    return [None if value == values else f"label {value}" for value in drawn]


def slowly(vectors: NDArray[np.float32], labels: list[str | None]) -> dict[int, tuple[float, float]]:
    """Measure each query as the definition reads."""
    found = {}
    for query, label in enumerate(labels):
        gallery = [other for other, its in enumerate(labels) if other != query and its is not None]
        relevant = sum(labels[other] == label for other in gallery)
        if label is None or not relevant:
            continue
        angles = angles_of_pairs(vectors, np.full(len(gallery), query), np.array(gallery))
        first = sorted(zip(angles, gallery, strict=True))[:10]
        hits = [labels[other] == label for _, other in first]
        precisions = [sum(hits[: rank + 1]) / (rank + 1) for rank, hit in enumerate(hits) if hit]
        found[query] = sum(precisions) / min(10, relevant), float(hits[0])
    return found


@LAWS
@given(SEEDS, st.integers(2, 60), st.integers(1, 12))
def test_average_precision_is_that_of_its_definition(seed: int, n: int, values: int) -> None:
    vectors, labels = directions(seed, n), draw_labels(seed, n, values)
    found = retrieve(label_codes(labels), ExactNeighbours(vectors))
    expected = slowly(vectors, labels)
    assert found.queries.tolist() == list(expected)
    np.testing.assert_allclose(found.average_precision, [precision for precision, _ in expected.values()])
    np.testing.assert_array_equal(found.hit, [hit for _, hit in expected.values()])


def test_a_space_that_is_its_label_is_perfect() -> None:
    labels = [str(value) for value in range(8) for _ in range(5)]
    vectors = np.repeat(np.eye(8, dtype=np.float32), 5, axis=0)
    found = retrieve(label_codes(labels), ExactNeighbours(vectors))
    assert (found.average_precision == 1).all()
    assert (found.hit == 1).all()


def test_a_random_space_hits_as_often_as_chance() -> None:
    labels = [str(value % 4) for value in range(2000)]
    found = retrieve(label_codes(labels), ExactNeighbours(directions(0, 2000, 64)))
    assert found.hit.mean() == pytest.approx(499 / 1999, abs=0.04)
    # The chance of a hit at rank r, times the precision there: one for itself, and a quarter of those before.
    expected = np.mean([0.25 * (1 + 0.25 * (rank - 1)) / rank for rank in range(1, 11)])
    assert found.average_precision.mean() == pytest.approx(expected, abs=0.02)


def test_images_without_the_label_change_nothing() -> None:
    vectors, labels = directions(1, 40), [str(value % 3) for value in range(40)]
    alone = retrieve(label_codes(labels), ExactNeighbours(vectors))
    beside: list[str | None] = [*labels, *([None] * 40)]
    among = retrieve(label_codes(beside), ExactNeighbours(np.concatenate([vectors, vectors])))
    np.testing.assert_array_equal(alone.average_precision, among.average_precision)


@pytest.mark.parametrize("labels", [[None, None, None], ["a", "b", "c"], ["a", None, None]])
def test_without_anything_relevant_there_are_no_queries(labels: list[str | None]) -> None:
    assert not len(retrieve(label_codes(labels), ExactNeighbours(directions(0, 3))).queries)


def test_what_the_values_are_called_changes_nothing() -> None:
    vectors, labels = directions(2, 50), [str(value % 7) for value in range(50)]
    one = retrieve(label_codes(labels), ExactNeighbours(vectors))
    other = retrieve(label_codes([f"Z{9 - int(label)}" for label in labels]), ExactNeighbours(vectors))
    np.testing.assert_array_equal(one.average_precision, other.average_precision)
