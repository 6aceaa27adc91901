from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from drawn_graphs import drawn, follows_edges, reference, some
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from scipy.stats import rankdata

from enfilade.errors import BetweenOutOfRangeError, NoEvenPathError, NoPathError
from enfilade.paths import Even, Limits, Shortest, Smooth, TemporaryNode, find_paths, path_graph
from enfilade.paths.even import EVENNESS, _corridors, even_walk, score, shortest_walk
from enfilade.paths.ground import ground_between

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None, max_examples=60)
OPEN = np.empty(0, dtype=np.uint8)


@LAWS
@given(SEEDS, st.booleans())
def test_a_shortest_path_is_as_long_as_scipy_says(seed: int, duplicates: bool) -> None:  # noqa: FBT001
    graph, _ = drawn(seed, duplicates=duplicates)
    source, target = some(seed, graph, 2)
    path = find_paths(graph, source, target)[0]
    lengths = dijkstra(graph.matrix, indices=[graph.node(source)])[0]
    assert path.length == pytest.approx(lengths[graph.node(target)], abs=1e-12)
    assert follows_edges(graph, path)


@LAWS
@given(SEEDS, st.booleans())
def test_the_worst_step_of_a_smooth_path_is_the_spanning_trees(seed: int, duplicates: bool) -> None:  # noqa: FBT001
    graph, _ = drawn(seed, duplicates=duplicates)
    source, target = some(seed, graph, 2)
    path = find_paths(graph, source, target, Smooth())[0]
    tree = nx.minimum_spanning_tree(reference(graph))
    way = nx.shortest_path(tree, source, target)
    assert path.worst_step == max(tree.edges[step]["weight"] for step in nx.utils.pairwise(way))
    low = reference(graph)
    low.remove_edges_from([edge[:2] for edge in low.edges(data="weight") if edge[2] > path.worst_step])
    assert path.length == pytest.approx(nx.dijkstra_path_length(low, source, target))


@LAWS
@given(SEEDS)
def test_a_smooth_path_within_a_filter_is_smoothest_there(seed: int) -> None:
    graph, _ = drawn(seed)
    source, target, *avoided = some(seed, graph, 5)
    told = reference(graph)
    told.remove_nodes_from(avoided)
    limits = Limits(avoid=avoided)
    if not nx.has_path(told, source, target):
        with pytest.raises(NoPathError):
            find_paths(graph, source, target, Smooth(), limits=limits)
        return
    tree = nx.minimum_spanning_tree(told)
    way = nx.shortest_path(tree, source, target)
    path = find_paths(graph, source, target, Smooth(), limits=limits)[0]
    assert path.worst_step == max(tree.edges[step]["weight"] for step in nx.utils.pairwise(way))


@LAWS
@given(SEEDS, st.integers(0, 9))
def test_an_even_path_has_exactly_so_many_different_images(seed: int, between: int) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    least = nx.shortest_path_length(reference(graph), source, target) - 1
    if between < least:
        with pytest.raises(BetweenOutOfRangeError) as caught:
            find_paths(graph, source, target, Even(placed, between))
        assert (caught.value.between, caught.value.least) == (between, least)
        return
    try:
        path = find_paths(graph, source, target, Even(placed, between))[0]
    except NoEvenPathError:  # as where an end hangs on a single bridge
        reject()
    assert len(path.inner) == between
    assert len(set(path.images)) == between + 2
    assert follows_edges(graph, path)


@LAWS
@given(SEEDS, st.integers(1, 5))
def test_no_walk_of_the_same_kind_is_more_even_but_by_the_spacing_of_strides(seed: int, more: int) -> None:
    graph, placed = drawn(seed, most=14, k=3)
    source, target = some(seed, graph, 2)
    ground = ground_between(graph, source, target, OPEN, placed)
    hops = (ground.fewest or 0) + more
    weights = replace(EVENNESS, stretch=0.0, strides=400, widest=3.0, widest_long=3.0)
    told = reference(graph)
    ways = [way for way in nx.all_simple_paths(told, source, target, cutoff=hops) if len(way) == hops + 1]
    walks = [np.array([graph.node(image) for image in way], dtype=np.int32) for way in ways]
    if more > 1:
        walks = [walk for walk in walks if (np.diff(ground.progress[walk]) > 0).all()]
    shortest = shortest_walk(ground, hops)
    walks = [walk for walk in walks if ground.distances(walk).sum() <= 3 * shortest]
    assume(walks)
    best = min(score(ground, walk, shortest, weights) for walk in walks)
    assert score(ground, even_walk(ground, hops, weights), shortest, weights) <= best + 1e-3


@LAWS
@given(SEEDS, st.integers(3, 9))
def test_an_even_path_that_rises_gets_on_at_every_step(seed: int, between: int) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    ground = ground_between(graph, source, target, OPEN, placed)
    assume(between > (ground.fewest or 0) and any(True for _ in _corridors(ground)))
    try:
        walk = even_walk(ground, between + 1)
    except NoEvenPathError:
        reject()
    along = ground.progress[walk]
    assert along[0] == along.min()
    assert rankdata(along)[-1] == len(along)


@LAWS
@given(SEEDS)
def test_an_even_path_without_a_number_is_one_with_the_number_it_chose(seed: int) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    path = find_paths(graph, source, target, Even(placed))[0]
    assert path == find_paths(graph, source, target, Even(placed, len(path.inner)))[0]


@LAWS
@given(SEEDS, st.sampled_from(["shortest", "smooth", "even"]))
def test_the_way_back_is_the_same_in_every_mode(seed: int, mode: str) -> None:
    graph, placed = drawn(seed, duplicates=True)
    source, via, target = some(seed, graph, 3)
    chosen = {"shortest": Shortest(), "smooth": Smooth(), "even": Even(placed)}[mode]
    assert find_paths(graph, target, source, chosen)[0] == find_paths(graph, source, target, chosen)[0].reversed()
    there, back = (find_paths(graph, *ends, chosen, via=[via])[0] for ends in ((source, target), (target, source)))
    assert back == there.reversed()


@LAWS
@given(SEEDS, st.sampled_from(["shortest", "smooth", "even"]))
def test_an_upload_of_a_member_walks_like_the_member(seed: int, mode: str) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    row = graph.node(source)
    near = slice(graph.indptr[row], graph.indptr[row + 1])
    upload = TemporaryNode(
        tuple(graph.ids[graph.indices[near]].tolist()), tuple(graph.weights[near].tolist()), placed[row]
    )
    chosen = {"shortest": Shortest(), "smooth": Smooth(), "even": Even(placed)}[mode]
    limits = Limits(avoid=[source])
    path = find_paths(graph, upload, target, chosen, limits=limits)[0]
    assert (path.images[0], path.images[1:]) == (-1, find_paths(graph, source, target, chosen)[0].images[1:])
    assert find_paths(graph, target, upload, chosen, limits=limits)[0] == path.reversed()


def test_two_uploads_meet_at_a_neighbour_of_both() -> None:
    graph = path_graph(np.array([1, 2]), np.array([2, 3]), np.array([0.5, 0.5], dtype=np.float32))
    one, other = TemporaryNode((1, 2), (0.25, 0.5), id=-1), TemporaryNode((2, 3), (0.25, 0.5), id=-2)
    for mode in (Shortest(), Smooth()):
        path = find_paths(graph, one, other, mode)[0]
        assert (path.images, path.distances) == ((-1, 2, -2), (0.5, 0.25))


def test_a_line_has_no_even_path_but_itself() -> None:
    graph = path_graph(np.array([1, 2]), np.array([2, 3]), np.array([0.5, 0.5], dtype=np.float32))
    placed = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)[graph.ids - 1]
    assert find_paths(graph, 1, 3, Even(placed, 1))[0].images == (1, 2, 3)
    with pytest.raises(NoEvenPathError) as caught:
        find_paths(graph, 1, 3, Even(placed, 4))
    assert caught.value.between == 4
    with pytest.raises(BetweenOutOfRangeError):
        find_paths(graph, 1, 3, Even(placed, 0))


@LAWS
@given(SEEDS, st.integers(0, 3))
def test_where_there_is_a_walk_of_so_many_different_images_it_is_found(seed: int, spare: int) -> None:
    graph, placed = drawn(seed, most=16, k=2)
    source, target = some(seed, graph, 2)
    told = reference(graph)
    hops = nx.shortest_path_length(told, source, target) + spare
    there = any(len(path) == hops + 1 for path in nx.all_simple_paths(told, source, target, cutoff=hops))
    if there:
        path = find_paths(graph, source, target, Even(placed, hops - 1))[0]
        assert len(set(path.images)) == hops + 1
        assert follows_edges(graph, path)
    else:
        with pytest.raises(NoEvenPathError):
            find_paths(graph, source, target, Even(placed, hops - 1))
