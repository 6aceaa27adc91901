import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from enfilade.evaluation.connectedness import connectedness
from enfilade.evaluation.directions import unit_rows
from enfilade.knn import knn_graph


def clusters(seed: int, sizes: list[int]) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.eye(len(sizes)), sizes, axis=0) + 0.01 * rng.normal(size=(sum(sizes), len(sizes)))
    return unit_rows(rows)


def test_far_clusters_are_as_many_pieces() -> None:
    found = connectedness(knn_graph(clusters(0, [20, 30, 50]), 15))
    assert [at.k for at in found] == [5, 10, 15]
    assert [at.union.components for at in found] == [3, 3, 3]
    assert [at.union.largest for at in found] == [0.5, 0.5, 0.5]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 30), min_size=2, max_size=4).filter(lambda s: sum(s) > 5))
def test_pieces_are_those_that_networkx_finds(seed: int, sizes: list[int]) -> None:
    n = sum(sizes)
    graph = knn_graph(clusters(seed, sizes), min(15, n - 1))
    for at in connectedness(graph):
        directed: nx.DiGraph[int] = nx.DiGraph()
        directed.add_nodes_from(range(n))
        directed.add_edges_from((row, int(other)) for row in range(n) for other in graph.neighbours[row, : at.k])
        for pieces, reciprocal in ((at.union, False), (at.mutual, True)):
            expected = list(nx.connected_components(directed.to_undirected(reciprocal=reciprocal)))
            assert pieces.components == len(expected)
            assert pieces.largest == max(map(len, expected)) / n


def test_more_neighbours_never_make_more_pieces() -> None:
    found = connectedness(knn_graph(clusters(1, [8] * 12), 15))
    for kind in ("union", "mutual"):
        counts = [getattr(at, kind).components for at in found]
        assert counts == sorted(counts, reverse=True)


def test_a_graph_is_measured_only_as_far_as_it_goes() -> None:
    assert [at.k for at in connectedness(knn_graph(clusters(2, [6, 6]), 11))] == [5, 10]
    assert connectedness(knn_graph(clusters(2, [2, 2]), 3)) == ()
