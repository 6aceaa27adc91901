"""Shortest paths between random pairs, beside five libraries, over one graph: like with like in turns."""

import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from sqlalchemy import Connection, text

from benchmarks.clustered import clustered_graph
from benchmarks.scratch import published_graph
from benchmarks.timing import percentiles, take_turns
from enfilade.errors import BetweenOutOfRangeError, NoEvenPathError
from enfilade.paths import Even, PathGraph, Smooth, find_paths
from enfilade.queries.graphs import load_graph

__all__ = ["NEIGHBOURS", "random_pairs", "run"]

NEIGHBOURS, WARMING = 10, 3
FEW = 20_000_000  # nodes that a peer searching from one end may look at in a run: it gets fewer pairs
IN_SQL = text("SELECT * FROM enfilade.shortest_path(:source, :target)")
Ends = tuple[int, int]
Peer = Callable[[Ends], object]


def run(nodes: int, pairs: int) -> dict[str, Any]:
    """Time each peer between pairs of a joined kNN graph of clustered vectors, loaded from Postgres; milliseconds."""
    drawn, vectors = clustered_graph(nodes, NEIGHBOURS)
    named = replace(drawn, ids=drawn.ids + 1)
    with published_graph(named, vectors[drawn.ids], k=NEIGHBOURS) as scratch, scratch.engine.connect() as connection:
        begun = time.perf_counter()
        graph = load_graph(connection, scratch.graph_id, removed=True)
        loaded = time.perf_counter() - begun
        times = _in_turns(graph, vectors[graph.ids - 1], connection, pairs)
    peers = {name: percentiles(taken[WARMING:]) | {"pairs": len(taken) - WARMING} for name, taken in times.items()}
    missing = [name for name in ("igraph", "networkx", "rustworkx", "networkit") if name not in peers]
    ratio = peers["igraph"]["p50_ms"] / peers["enfilade"]["p50_ms"] if "igraph" in peers else 0.0
    size = sum(getattr(graph, name).nbytes for name in PathGraph.FIELDS)
    return {
        "nodes": nodes, "edges": graph.edges, "missing": missing, "igraph_ratio_p50": round(ratio, 1),
        "load_seconds": round(loaded, 2), "bytes_an_edge": round(size / graph.edges, 1), "peers": peers,
    }  # fmt: skip


def _in_turns(
    graph: PathGraph, placed: NDArray[np.float32], connection: Connection, pairs: int
) -> dict[str, list[float]]:
    nodes = len(graph.ids)
    tasks = [(one + 1, other + 1) for one, other in random_pairs(nodes, pairs + WARMING)]
    ours = _ours(graph, placed)
    quick = {"enfilade": ours.pop("enfilade")} | _made(graph, {"networkit": _networkit})
    slow = _made(graph, {"igraph": _igraph, "scipy": _scipy, "networkx": _networkx, "rustworkx": _rustworkx})
    few = max(min(FEW // nodes, pairs), 10) + WARMING
    in_sql = {
        "enfilade, in SQL": lambda ends: connection.execute(
            IN_SQL, dict(zip(("source", "target"), ends, strict=True))
        ).all()
    }
    # Like with like: whoever comes after a slow peer finds the processor's cache full of that one's graph.
    times = take_turns(quick, tasks) | take_turns(slow, tasks[:few])
    return times | take_turns(ours, tasks[: 5 * few]) | take_turns(in_sql, tasks[:few])


def random_pairs(nodes: int, count: int) -> list[Ends]:
    """Draw pairs of different nodes, the same ones each time."""
    drawn = np.random.default_rng(0).integers(nodes, size=(2 * count + 16, 2))
    return [(int(one), int(other)) for one, other in drawn[drawn[:, 0] != drawn[:, 1]][:count]]


def _made(graph: PathGraph, makers: dict[str, Callable[[PathGraph], Peer]]) -> dict[str, Peer]:
    """Load the graph into those peers that are installed."""
    return {name: _from_zero(make(graph)) for name, make in makers.items() if find_spec(name)}


def _from_zero(peer: Peer) -> Peer:
    return lambda ends: peer((ends[0] - 1, ends[1] - 1))


def _ours(graph: PathGraph, placed: NDArray[np.float32]) -> dict[str, Peer]:
    def even(ends: Ends) -> object:
        try:
            return find_paths(graph, *ends, Even(placed, 12))
        except (BetweenOutOfRangeError, NoEvenPathError) as error:
            return error

    return {
        "enfilade": lambda ends: find_paths(graph, *ends),
        "smooth": lambda ends: find_paths(graph, *ends, Smooth()),
        "even": even,
    }


def _edges(graph: PathGraph) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Give the edges in the order of the images' ids, which begin at 1, for peers that number nodes from 0."""
    one, other = np.repeat(graph.ids, np.diff(graph.indptr)), graph.ids[graph.indices]
    once = one < other
    order = np.lexsort((other[once], one[once]))
    return one[once][order] - 1, other[once][order] - 1, graph.weights[once][order].astype(np.float64)


def _scipy(graph: PathGraph) -> Peer:
    from scipy.sparse import csr_array  # noqa: PLC0415 — beside its peers

    one, other, weights = _edges(graph)
    ends = np.append(one, other), np.append(other, one)
    matrix = csr_array((np.append(weights, weights), ends), shape=(len(graph.ids), len(graph.ids)))
    return lambda ends: dijkstra(matrix, indices=[ends[0]], return_predecessors=True)


def _networkit(graph: PathGraph) -> Peer:
    import networkit  # noqa: PLC0415 — may be missing

    built = networkit.Graph(len(graph.ids), weighted=True)
    for edge in zip(*(column.tolist() for column in _edges(graph)), strict=True):
        built.addEdge(*edge)

    def ask(ends: Ends) -> object:
        search = networkit.distance.BidirectionalDijkstra(built, *ends)
        search.run()
        return search.getPath()

    return ask


def _igraph(graph: PathGraph) -> Peer:
    import igraph  # noqa: PLC0415 — may be missing

    one, other, weights = _edges(graph)
    built = igraph.Graph(len(graph.ids), np.stack([one, other], axis=1))
    built.es["weight"] = weights
    return lambda ends: built.get_shortest_path(*ends, weights="weight")


def _networkx(graph: PathGraph) -> Peer:
    import networkx as nx  # noqa: PLC0415 — may be missing

    built: nx.Graph[int] = nx.Graph()
    built.add_nodes_from(range(len(graph.ids)))
    built.add_weighted_edges_from(zip(*(column.tolist() for column in _edges(graph)), strict=True))
    return lambda ends: nx.bidirectional_dijkstra(built, *ends)


def _rustworkx(graph: PathGraph) -> Peer:
    import rustworkx  # noqa: PLC0415 — may be missing

    built = rustworkx.PyGraph()
    built.add_nodes_from(range(len(graph.ids)))
    built.add_edges_from(list(zip(*(column.tolist() for column in _edges(graph)), strict=True)))
    return lambda ends: rustworkx.dijkstra_shortest_paths(built, ends[0], target=ends[1], weight_fn=float)
