import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade import joining
from enfilade.edges import EdgeKind, Edges
from enfilade.joining import components, join
from enfilade.knn import angles_of_pairs, edges_of, knn_graph

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None)
FIELDS = ("source", "target", "distance", "kind", "source_rank", "target_rank")


def clusters(seed: int, n: int, count: int, *, spread: float = 0.05, d: int = 5) -> NDArray[np.float32]:
    """Draw (n, d) rows of unit length around some centres; at no spread they are exact duplicates."""
    rng = np.random.default_rng(seed)
    rows: NDArray[np.float64] = rng.normal(size=(count, d))[rng.integers(count, size=n)] + spread * rng.normal(
        size=(n, d)
    )
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def only(edges: Edges, chosen: NDArray[np.bool_]) -> Edges:
    return Edges(*(getattr(edges, field)[chosen] for field in FIELDS))


def assert_same(one: Edges, other: Edges) -> None:
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))
        assert getattr(one, field).dtype == getattr(other, field).dtype


def least_total(embeddings: NDArray[np.float32], labels: NDArray[np.int32]) -> float:
    """Weigh the minimum spanning tree over components by brute force."""
    source, target = np.triu_indices(len(embeddings), 1)
    distance = angles_of_pairs(embeddings, source, target)
    between: nx.Graph[int] = nx.Graph()
    between.add_nodes_from(labels.tolist())
    for one, other in itertools.combinations(set(labels.tolist()), 2):
        apart = (np.minimum(labels[source], labels[target]) == min(one, other)) & (
            np.maximum(labels[source], labels[target]) == max(one, other)
        )
        between.add_edge(one, other, weight=float(distance[apart].min()))
    return float(nx.minimum_spanning_tree(between).size(weight="weight"))


def check(embeddings: NDArray[np.float32], edges: Edges) -> None:
    """Check every law of joining for these edges."""
    n = len(embeddings)
    before, labels = components(n, edges)
    joined = join(embeddings, edges)
    bridges = only(joined, joined.kind == EdgeKind.BRIDGE)
    assert components(n, joined)[0] == 1
    assert len(bridges) == before - 1
    assert_same(only(joined, joined.kind != EdgeKind.BRIDGE), edges)
    assert (labels[bridges.source] != labels[bridges.target]).all()
    assert not bridges.source_rank.any()
    assert not bridges.target_rank.any()
    np.testing.assert_array_equal(bridges.distance, angles_of_pairs(embeddings, bridges.source, bridges.target))
    assert bridges.distance.sum() == pytest.approx(least_total(embeddings, labels), abs=1e-5)
    pairs = list(zip(joined.source.tolist(), joined.target.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert all(source < target for source, target in pairs)
    assert_same(join(embeddings, joined), joined)


@LAWS
@given(SEEDS, st.integers(1, 60), st.integers(1, 8), st.integers(1, 4))
def test_bridges_are_the_least_spanning_tree_over_components(seed: int, n: int, count: int, k: int) -> None:
    embeddings = clusters(seed, n, count)
    check(embeddings, edges_of(knn_graph(embeddings, min(k, n - 1))))


@LAWS
@given(SEEDS, st.integers(2, 40), st.integers(1, 5), st.floats(0, 0.3))
def test_exact_duplicates_in_separate_components_are_joined_without_a_cycle(
    seed: int, n: int, count: int, share: float
) -> None:
    embeddings = clusters(seed, n, count, spread=0)
    edges = edges_of(knn_graph(embeddings, 1))
    check(embeddings, only(edges, np.random.default_rng(seed).random(len(edges)) < share))


@LAWS
@given(SEEDS)
def test_near_duplicates_are_told_apart_where_float32_similarities_are_not(seed: int) -> None:
    embeddings = clusters(seed, 30, 2, spread=1e-4, d=20)
    check(embeddings, only(edges_of(knn_graph(embeddings, 1)), np.zeros(0, dtype=np.int64)))


def test_tiles_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    embeddings = clusters(4, 120, 12)
    edges = edges_of(knn_graph(embeddings, 2))
    whole = join(embeddings, edges)
    monkeypatch.setattr(joining, "_ROWS", 7)
    monkeypatch.setattr(joining, "_COLUMNS", 11)
    assert_same(join(embeddings, edges), whole)


def test_one_component_is_left_as_it_was() -> None:
    embeddings = clusters(0, 30, 1)
    edges = edges_of(knn_graph(embeddings, 29))
    assert_same(join(embeddings, edges), edges)


def test_a_single_image_is_one_component_without_edges() -> None:
    embeddings = clusters(0, 1, 1)
    edges = edges_of(knn_graph(embeddings, 0))
    assert components(1, edges)[0] == 1
    assert len(join(embeddings, edges)) == 0


def test_two_images_without_an_edge_get_a_bridge() -> None:
    embeddings = clusters(0, 2, 2)
    bridges = join(embeddings, edges_of(knn_graph(embeddings, 0)))
    assert (bridges.source.tolist(), bridges.target.tolist()) == ([0], [1])
    assert bridges.kind.tolist() == [EdgeKind.BRIDGE]


def test_components_are_labelled_by_their_members() -> None:
    embeddings = clusters(1, 50, 6, spread=0.001)
    edges = edges_of(knn_graph(embeddings, 1))
    count, labels = components(50, edges)
    assert set(labels.tolist()) == set(range(count))
    assert (labels[edges.source] == labels[edges.target]).all()


@pytest.mark.parametrize("wrong", [0, np.nan])
def test_rows_must_be_of_unit_length(wrong: float) -> None:
    embeddings = clusters(0, 10, 2)
    edges = edges_of(knn_graph(embeddings, 1))
    embeddings[4] = wrong
    with pytest.raises(ValueError, match="unit length"):
        join(embeddings, edges)
