import math
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enfilade.errors import NoPathError, UnknownImageError
from enfilade.paths import Path, PathGraph, path_graph, shortest_path

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None)

Weighted = list[tuple[int, int, float]]


def geometric(seed: int, *, duplicates: bool = False) -> Weighted:
    """Draw a random geometric graph on up to 40 images with scattered ids; perhaps with edges of no length."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 40))
    ids = np.sort(rng.choice(10_000, size=n, replace=False))
    places = rng.random((n, 2))
    if duplicates:
        places = places[rng.integers(n // 3 + 1, size=n)]
    source, target = np.triu_indices(n, 1)
    apart = np.linalg.norm(places[source] - places[target], axis=1).astype(np.float32)
    near = apart < rng.uniform(0.1, 0.5)
    near[0] = True
    return list(zip(ids[source[near]].tolist(), ids[target[near]].tolist(), apart[near].tolist(), strict=True))


def graph_of(edges: Weighted) -> PathGraph:
    source, target, distance = zip(*edges, strict=True)
    return path_graph(np.array(source), np.array(target), np.array(distance, dtype=np.float32))


def reference(edges: Weighted) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(edges)
    return graph


def some(seed: int, graph: PathGraph, count: int) -> list[int]:
    """Draw image ids of one component."""
    rng = np.random.default_rng(seed)
    start = rng.choice(graph.ids)
    edges = graph.matrix.tocoo()
    pairs = zip(graph.ids[edges.row].tolist(), graph.ids[edges.col].tolist(), strict=True)
    members = sorted(nx.node_connected_component(nx.Graph(list(pairs)), int(start)))
    return [int(image) for image in rng.choice(members, size=count)]


def check(edges: Weighted, path: Path, source: int, target: int) -> None:
    """Check all that is true of every path."""
    distance = {frozenset(edge[:2]): edge[2] for edge in edges}
    assert path.images[0] == source
    assert path.images[-1] == target
    assert len(set(path.images)) == len(path.images) == len(path.distances) + 1
    assert path.distances == tuple(distance[frozenset(step)] for step in pairwise(path.images))
    assert path.length == pytest.approx(sum(path.distances))
    assert path.worst_step == max(path.distances, default=0)


@LAWS
@given(SEEDS, st.booleans())
def test_a_shortest_path_follows_edges_at_the_least_cost(seed: int, duplicates: bool) -> None:  # noqa: FBT001
    edges = geometric(seed, duplicates=duplicates)
    graph = graph_of(edges)
    source, target = some(seed, graph, 2)
    path = shortest_path(graph, source, target)
    check(edges, path, source, target)
    assert path.length == pytest.approx(nx.dijkstra_path_length(reference(edges), source, target))


@LAWS
@given(SEEDS)
def test_the_way_back_is_the_same_path_reversed(seed: int) -> None:
    graph = graph_of(geometric(seed, duplicates=True))
    source, target = some(seed, graph, 2)
    there, back = shortest_path(graph, source, target), shortest_path(graph, target, source)
    assert back.images == there.images[::-1]
    assert back.distances == there.distances[::-1]
    assert back.length == there.length


@LAWS
@given(SEEDS)
def test_no_detour_through_a_third_image_is_shorter(seed: int) -> None:
    graph = graph_of(geometric(seed, duplicates=True))
    source, via, target = some(seed, graph, 3)
    detour = shortest_path(graph, source, via).length + shortest_path(graph, via, target).length
    assert shortest_path(graph, source, target).length <= detour + 1e-9


@LAWS
@given(SEEDS)
def test_every_part_of_a_shortest_path_is_shortest(seed: int) -> None:
    graph = graph_of(geometric(seed))
    path = shortest_path(graph, *some(seed, graph, 2))
    for place, image in enumerate(path.images):
        part = shortest_path(graph, path.images[0], image)
        assert part.length == pytest.approx(math.fsum(path.distances[:place]))


@LAWS
@given(SEEDS)
def test_neither_the_order_nor_the_sense_of_edges_matters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    side = 5  # a grid of equal steps has many shortest paths
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
    edges = [(source, target, 0.5) for source, target in grid.edges]
    shuffled = [edges[place] for place in rng.permutation(len(edges))]
    turned = [(t, s, d) if rng.random() < 0.5 else (s, t, d) for s, t, d in shuffled]
    ends = some(seed, graph_of(edges), 2)
    assert shortest_path(graph_of(turned), *ends) == shortest_path(graph_of(edges), *ends)


def test_an_edge_of_no_length_is_an_edge() -> None:
    edges = [(1, 2, 0.0), (2, 3, 0.5), (3, 4, 0.0), (1, 4, 0.75)]
    path = shortest_path(graph_of(edges), 1, 4)
    assert path == Path((1, 2, 3, 4), (0.0, 0.5, 0.0))
    assert (path.length, path.worst_step) == (0.5, 0.5)


def test_duplicates_alone_are_joined_at_no_length() -> None:
    assert shortest_path(graph_of([(7, 9, 0.0)]), 9, 7) == Path((9, 7), (0.0,))


def test_the_longer_edge_loses_to_a_shorter_way_round() -> None:
    edges = [(1, 2, 1.0), (1, 3, 0.4), (2, 3, 0.4)]
    assert shortest_path(graph_of(edges), 1, 2).images == (1, 3, 2)


def test_from_an_image_to_itself_is_no_step() -> None:
    path = shortest_path(graph_of([(7, 9, 0.5)]), 9, 9)
    assert path == Path((9,), ())
    assert (path.length, path.worst_step) == (0.0, 0.0)


def test_an_only_image_has_a_path_to_itself() -> None:
    none = np.empty(0, dtype=np.int64)
    graph = path_graph(none, none, none.astype(np.float32), images=[5])
    assert shortest_path(graph, 5, 5) == Path((5,), ())


@pytest.mark.parametrize("unknown", [-1, 0, 8, 10, 2**40])
def test_an_unknown_image_is_named(unknown: int) -> None:
    graph = graph_of([(7, 9, 0.5)])
    for ends in ((7, unknown), (unknown, 7), (unknown, unknown)):
        with pytest.raises(UnknownImageError) as caught:
            shortest_path(graph, *ends)
        assert caught.value.image_id == unknown


def test_where_nothing_joins_two_images_there_is_no_path() -> None:
    graph = graph_of([(1, 2, 0.5), (3, 4, 0.5)])
    for ends in ((1, 3), (4, 2)):
        with pytest.raises(NoPathError):
            shortest_path(graph, *ends)


def test_an_edge_can_not_be_given_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        graph_of([(1, 2, 0.5), (2, 1, 0.25)])


def test_ids_may_be_large_and_scattered() -> None:
    edges = [(2**40, 3, 0.5), (3, 2**50, 0.25)]
    assert shortest_path(graph_of(edges), 2**50, 2**40) == Path((2**50, 3, 2**40), (0.25, 0.5))
