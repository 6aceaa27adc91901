import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.edges import EdgeKind
from enfilade.errors import TooFewImagesError
from enfilade.knn import KnnGraph, angles_between, angles_of_pairs, edges_of, knn_graph

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None)


def directions(seed: int, n: int, d: int = 6, *, distinct: int | None = None) -> NDArray[np.float32]:
    """Draw (n, d) rows of unit length, of which only some are distinct where so asked."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(distinct or n, d))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows[rng.integers(distinct, size=n)] if distinct else rows).astype(np.float32)


def by_brute_force(embeddings: NDArray[np.float32], k: int) -> KnnGraph:
    n = len(embeddings)
    row, column = np.divmod(np.arange(n * n), n)
    angles = angles_of_pairs(embeddings, row, column).reshape(n, n)
    np.fill_diagonal(angles, np.inf)
    order = np.argsort(angles, axis=1, kind="stable")[:, :k]
    return KnnGraph(order, np.take_along_axis(angles, order, axis=1))


def assert_same(one: KnnGraph, other: KnnGraph) -> None:
    np.testing.assert_array_equal(one.neighbours, other.neighbours)
    np.testing.assert_array_equal(one.angles, other.angles)


@given(st.floats(1e-7, math.pi), SEEDS)
def test_angles_are_right_however_small(angle: float, seed: int) -> None:
    basis, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 2)))
    a, b = basis[:, 0], basis @ [math.cos(angle), math.sin(angle)]
    np.testing.assert_allclose(angles_between(a[None], b[None]), angle, rtol=1e-8)


@given(SEEDS)
def test_angles_are_symmetric_and_zero_only_to_oneself(seed: int) -> None:
    a, b = directions(seed, 50), directions(seed + 1, 50)
    np.testing.assert_array_equal(angles_between(a, b), angles_between(b, a))
    np.testing.assert_array_equal(angles_between(a, a), 0)
    np.testing.assert_allclose(angles_between(a, -a), math.pi)
    assert (angles_between(a, b) > 0).all()


@LAWS
@given(SEEDS, st.integers(1, 80), st.integers(0, 12))
def test_the_graph_is_that_of_brute_force(seed: int, n: int, k: int) -> None:
    k = min(k, n - 1)
    embeddings = directions(seed, n)
    assert_same(knn_graph(embeddings, k), by_brute_force(embeddings, k))


@LAWS
@given(SEEDS, st.integers(2, 80), st.integers(1, 12), st.integers(1, 5))
def test_among_exact_duplicates_self_is_left_out_and_ties_break_by_index(
    seed: int, n: int, k: int, distinct: int
) -> None:
    k = min(k, n - 1)
    embeddings = directions(seed, n, distinct=distinct)
    graph = knn_graph(embeddings, k)
    assert (graph.neighbours != np.arange(n)[:, None]).all()
    assert_same(graph, by_brute_force(embeddings, k))


@LAWS
@given(SEEDS)
def test_near_duplicates_are_ordered_where_float32_similarities_are_all_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = directions(seed, 1, 32).astype(np.float64) + 1e-4 * rng.normal(size=(100, 32))
    embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    assert_same(knn_graph(embeddings, 5), by_brute_force(embeddings, 5))


def test_more_duplicates_than_are_looked_at_still_give_others_at_no_distance() -> None:
    embeddings = directions(0, 3000, distinct=2)
    graph = knn_graph(embeddings, 10)
    assert (graph.neighbours != np.arange(3000)[:, None]).all()
    assert (graph.angles == 0).all()
    assert all(len(set(row)) == 10 for row in graph.neighbours.tolist())
    assert_same(graph, knn_graph(embeddings, 10))


def test_blocks_make_no_difference() -> None:
    embeddings = directions(1, 2500, 16)
    assert_same(knn_graph(embeddings, 10), by_brute_force(embeddings, 10))


def test_a_single_image_has_no_neighbours() -> None:
    graph = knn_graph(directions(0, 1), 0)
    assert graph.neighbours.shape == graph.angles.shape == (1, 0)
    assert len(edges_of(graph)) == 0


@pytest.mark.parametrize(("n", "k"), [(0, 0), (1, 1), (10, 10), (10, 11)])
def test_there_must_be_more_images_than_neighbours(n: int, k: int) -> None:
    with pytest.raises(TooFewImagesError):
        knn_graph(directions(0, n), k)


@pytest.mark.parametrize("wrong", [0, 2, np.nan, np.inf])
def test_rows_must_be_of_unit_length(wrong: float) -> None:
    embeddings = directions(0, 10)
    embeddings[3] = wrong
    with pytest.raises(ValueError, match="unit length"):
        knn_graph(embeddings, 3)


@LAWS
@given(SEEDS, st.integers(1, 60), st.integers(0, 8), st.integers(1, 60))
def test_edges_say_what_the_graph_says(seed: int, n: int, k: int, distinct: int) -> None:
    graph = knn_graph(directions(seed, n, distinct=distinct), min(k, n - 1))
    edges = edges_of(graph)
    pairs = list(zip(edges.source.tolist(), edges.target.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    ranks = {
        (row, neighbour): (place + 1, graph.angles[row, place])
        for row, neighbours in enumerate(graph.neighbours.tolist())
        for place, neighbour in enumerate(neighbours)
    }
    assert {pair for s, t in pairs for pair in ((s, t), (t, s)) if pair in ranks} == set(ranks)
    for place, (source, target) in enumerate(pairs):
        assert source < target
        ways = ranks.get((source, target), (0, None)), ranks.get((target, source), (0, None))
        assert (edges.source_rank[place], edges.target_rank[place]) == (ways[0][0], ways[1][0])
        assert {angle for _, angle in ways if angle is not None} == {edges.distance[place]}
        assert edges.kind[place] == (EdgeKind.MUTUAL if ways[0][0] and ways[1][0] else EdgeKind.KNN)
