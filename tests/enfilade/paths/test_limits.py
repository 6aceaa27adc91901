from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from drawn_graphs import drawn, follows_edges, reference, some
from hypothesis import given, settings
from hypothesis import strategies as st

from enfilade.errors import (
    AvoidedStopError,
    BetweenOutOfRangeError,
    FilteredPathError,
    NoEvenPathError,
    NoPathError,
    RepeatedViaError,
    SameEndsError,
    UnknownImageError,
)
from enfilade.paths import Even, Limits, Mode, Shortest, Smooth, TemporaryNode, find_paths, least_relaxation, path_graph

SEEDS = st.integers(0, 2**32 - 1)
LAWS = settings(deadline=None, max_examples=60)
MODES = st.sampled_from(["shortest", "smooth", "even"])


def mode_of(name: str, placed: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> Mode:
    modes: dict[str, Mode] = {"shortest": Shortest(), "smooth": Smooth(), "even": Even(placed)}
    return modes[name]


@LAWS
@given(SEEDS, MODES)
def test_a_path_by_way_of_others_is_their_parts_one_after_the_other(seed: int, name: str) -> None:
    graph, placed = drawn(seed)
    source, *via, target = some(seed, graph, 4)
    mode = mode_of(name, placed)
    path = find_paths(graph, source, target, mode, via=via)[0]
    onwards = iter(path.images)
    assert all(stop in onwards for stop in (source, *via, target))  # each after the one before
    assert (path.images[0], path.images[-1]) == (source, target)
    assert follows_edges(graph, path)
    parts = [find_paths(graph, *pair, mode)[0] for pair in pairwise([source, *via, target])]
    assert path.distances == tuple(distance for part in parts for distance in part.distances)
    assert path.images == (source, *(image for part in parts for image in part.images[1:]))


def test_a_walk_to_a_waypoint_and_back_comes_by_an_image_twice_but_not_if_so_many_different_ones_are_asked_for() -> (
    None
):
    edges = [(1, 2, 0.1), (2, 3, 0.1), (3, 4, 0.5), (4, 5, 0.5), (2, 5, 0.1)]
    source, target, distance = (np.array(column) for column in zip(*edges, strict=True))
    graph = path_graph(source, target, distance)
    assert find_paths(graph, 1, 5, via=[3])[0].images == (1, 2, 3, 2, 5)
    turns = np.cumsum([0, 0.1, 0.2, 0.5, 0.5])
    places = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)[graph.ids - 1]
    assert find_paths(graph, 1, 5, Even(places, 3), via=[3])[0].images == (1, 2, 3, 4, 5)
    with pytest.raises(NoEvenPathError):
        find_paths(graph, 1, 5, Even(places, 3), via=[3], limits=Limits(avoid=[4]))


@LAWS
@given(SEEDS, st.integers(0, 4))
def test_the_waypoints_count_among_the_images_between(seed: int, spare: int) -> None:
    graph, placed = drawn(seed, k=6)
    source, via, target = some(seed, graph, 3)
    told = reference(graph)
    least = nx.shortest_path_length(told, source, via) + nx.shortest_path_length(told, via, target) - 1
    with suppress(NoEvenPathError):  # where the walk to the waypoint and on must come by the same images
        path = find_paths(graph, source, target, Even(placed, least + spare), via=[via])[0]
        assert len(set(path.images)) == least + spare + 2
    with pytest.raises(BetweenOutOfRangeError) as caught:
        find_paths(graph, source, target, Even(placed, least - 1), via=[via])
    assert caught.value.least == least


@LAWS
@given(SEEDS, MODES, st.floats(0.2, 1))
def test_filters_hold_but_for_the_stops_or_tell_the_least_that_is_missing(seed: int, name: str, share: float) -> None:
    graph, placed = drawn(seed)
    source, avoided, target = some(seed, graph, 3)
    allowed = np.random.default_rng(seed).random(len(graph.ids)) < share
    limits = Limits(avoid=[avoided], allowed=allowed)
    inside = {*graph.ids[allowed].tolist(), source, target} - {avoided}
    told = reference(graph)
    told.remove_node(avoided)
    within = told.subgraph(inside)
    if nx.has_path(within, source, target):
        path = find_paths(graph, source, target, mode_of(name, placed), limits=limits)[0]
        assert set(path.images) <= inside
        return
    with pytest.raises(NoPathError) as caught:
        find_paths(graph, source, target, mode_of(name, placed), limits=limits)
    if nx.has_path(told, source, target):
        assert isinstance(caught.value, FilteredPathError)
        outside = set(caught.value.relaxation)
        ways = nx.DiGraph()
        ways.add_weighted_edges_from((one, other, float(other not in inside)) for one, other in _both_ways(told))
        assert len(outside) == nx.dijkstra_path_length(ways, source, target)
        assert not outside & inside
        wider = allowed | np.isin(graph.ids, list(outside))
        assert find_paths(graph, source, target, mode_of(name, placed), limits=Limits([avoided], wider))


def _both_ways(graph: "nx.Graph[int]") -> list[tuple[int, int]]:
    return [*graph.edges, *((other, one) for one, other in graph.edges)]


@LAWS
@given(SEEDS)
def test_what_needs_no_relaxation_gets_none(seed: int) -> None:
    graph, _ = drawn(seed)
    source, target = some(seed, graph, 2)
    assert least_relaxation(graph, source, target, limits=Limits()) == ()
    everything = np.ones(len(graph.ids), dtype=np.bool_)
    assert least_relaxation(graph, source, target, limits=Limits(allowed=everything)) == ()


@LAWS
@given(SEEDS, MODES)
def test_alternatives_are_ordered_and_share_at_most_half_with_any_better_one(seed: int, name: str) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    mode = mode_of(name, placed)
    paths = find_paths(graph, source, target, mode, alternatives=4)
    assert 1 <= len(paths) <= 4
    assert paths[0] == find_paths(graph, source, target, mode)[0]
    ranks = [mode.rank(graph, source, target, path) for path in paths]
    assert ranks[1:] == sorted(ranks[1:])
    if name != "even":
        assert ranks == sorted(ranks)
    for place, path in enumerate(paths):
        assert follows_edges(graph, path)
        assert len(set(path.images)) == len(path.images)
        assert path not in paths[:place]
        for better in paths[:place]:
            assert 2 * len(set(path.inner) & set(better.inner)) <= len(path.inner)


def test_a_single_step_has_alternatives_too() -> None:
    source, target = np.array([1, 1, 2]), np.array([2, 3, 3])
    graph = path_graph(source, target, np.array([0.5, 0.5, 0.5], dtype=np.float32))
    paths = find_paths(graph, 1, 2, alternatives=3)
    assert [path.images for path in paths] == [(1, 2), (1, 3, 2)]


@LAWS
@given(SEEDS, MODES)
def test_a_picture_that_is_brought_has_alternatives_too(seed: int, name: str) -> None:
    graph, placed = drawn(seed)
    source, target = some(seed, graph, 2)
    row = graph.node(source)
    near = slice(int(graph.indptr[row]), int(graph.indptr[row + 1]))
    neighbours, distances = graph.ids[graph.indices[near]].tolist(), graph.weights[near].tolist()
    guest = TemporaryNode(tuple(neighbours), tuple(distances), np.asarray(placed[row]))
    mode = mode_of(name, placed)
    for ends in ((guest, target), (target, guest)):
        first, *others = find_paths(graph, *ends, mode, alternatives=3)
        assert all(path.images != first.images for path in others)
        assert {first.images[0], first.images[-1]} == {-1, target}


def test_ends_that_are_closed_to_others_are_open_to_a_walk() -> None:
    """Of which an even one was once laid out without its own end."""
    source, target = np.array([3, 1, 2]), np.array([1, 2, 4])
    graph = path_graph(source, target, np.array([0.5, 0.5, 0.5], dtype=np.float32))
    turns = np.array([0.5, 1.0, 0.0, 1.5])[graph.ids - 1]
    places = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    paths = find_paths(graph, 1, 4, Even(places), via=[3], alternatives=2)
    assert [path.images for path in paths] == [(1, 3, 1, 2, 4)]


def test_a_graph_of_one_image_has_no_walk_but_to_what_is_brought() -> None:
    graph = path_graph(np.empty(0, int), np.empty(0, int), np.empty(0, np.float32), images=[7])
    guest = TemporaryNode((7,), (0.25,))
    assert find_paths(graph, guest, 7)[0].images == (-1, 7)
    with pytest.raises(UnknownImageError):
        find_paths(path_graph(np.empty(0, int), np.empty(0, int), np.empty(0, np.float32)), 1, 2)


def test_threads_that_ask_at_once_are_answered_alike() -> None:
    graph, placed = drawn(7, most=61)
    asked = [tuple(some(seed, graph, 2)) for seed in range(60)]
    modes: list[Mode] = [Shortest(), Smooth(), Even(placed)]

    def answer(ends: tuple[int, ...]) -> list[tuple[int, ...]]:
        return [find_paths(graph, ends[0], ends[1], mode)[0].images for mode in modes]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(answer, asked * 4)) == [answer(ends) for ends in asked] * 4


def test_each_bad_question_has_its_own_error() -> None:
    graph = path_graph(np.array([1, 2]), np.array([2, 3]), np.array([0.5, 0.5], dtype=np.float32))
    with pytest.raises(SameEndsError):
        find_paths(graph, 1, 1)
    for via in ([2, 2], [1], [3]):
        with pytest.raises(RepeatedViaError):
            find_paths(graph, 1, 3, via=via)
    for avoid in ([1], [3], [2]):
        with pytest.raises(AvoidedStopError):
            find_paths(graph, 1, 3, via=[2], limits=Limits(avoid=avoid))
    with pytest.raises(UnknownImageError):
        find_paths(graph, 1, 3, via=[9])
    with pytest.raises(NoPathError):
        find_paths(graph, 1, 3, limits=Limits(avoid=[2]))
