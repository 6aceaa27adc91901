"""Shortest paths between random pairs, beside five libraries, over one graph: like with like in turns."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from benchmarks.clustered import clustered_graph
from benchmarks.timing import percentiles, take_turns
from enfilade.errors import NoEvenPathError, TooFewBetweenError
from enfilade.paths import Even, PathGraph, Smooth, find_paths

__all__ = ["NEIGHBOURS", "run"]

NEIGHBOURS, WARMING = 10, 3
FEW = 20_000_000  # nodes that a peer searching from one end may look at in a run: it gets fewer pairs
Ends = tuple[int, int]
Peer = Callable[[Ends], object]


def run(nodes: int, pairs: int) -> dict[str, Any]:
    """Time each peer between pairs of a joined kNN graph of clustered vectors; milliseconds."""
    graph, vectors = clustered_graph(nodes, NEIGHBOURS)
    tasks = _pairs(nodes, pairs + WARMING)
    ours = _ours(graph, vectors[graph.ids])
    quick = {"enfilade": ours.pop("enfilade")} | _made(graph, {"networkit": _networkit})
    slow = _made(graph, {"igraph": _igraph, "scipy": _scipy, "networkx": _networkx, "rustworkx": _rustworkx})
    few = max(min(FEW // nodes, pairs), 10) + WARMING
    # Like with like: whoever comes after a slow peer finds the processor's cache full of that one's graph.
    times = take_turns(quick, tasks) | take_turns(slow, tasks[:few]) | take_turns(ours, tasks[: 5 * few])
    peers = {name: percentiles(taken[WARMING:]) | {"pairs": len(taken) - WARMING} for name, taken in times.items()}
    missing = [name for name in ("igraph", "networkx", "rustworkx", "networkit") if name not in peers]
    ratio = peers["igraph"]["p50_ms"] / peers["enfilade"]["p50_ms"] if "igraph" in peers else 0.0
    told = {"nodes": nodes, "edges": graph.edges, "missing": missing, "igraph_ratio_p50": round(ratio, 1)}
    return told | {"peers": peers}


def _pairs(nodes: int, count: int) -> list[Ends]:
    drawn = np.random.default_rng(0).integers(nodes, size=(2 * count + 16, 2))
    return [(int(one), int(other)) for one, other in drawn[drawn[:, 0] != drawn[:, 1]][:count]]


def _made(graph: PathGraph, makers: dict[str, Callable[[PathGraph], Peer]]) -> dict[str, Peer]:
    """Load the graph into those peers that are installed."""
    return {name: make(graph) for name, make in makers.items() if find_spec(name)}


def _ours(graph: PathGraph, placed: NDArray[np.float32]) -> dict[str, Peer]:
    def even(ends: Ends) -> object:
        try:
            return find_paths(graph, *ends, Even(placed, 12))
        except (TooFewBetweenError, NoEvenPathError) as error:
            return error

    return {
        "enfilade": lambda ends: find_paths(graph, *ends),
        "smooth": lambda ends: find_paths(graph, *ends, Smooth()),
        "even": even,
    }


def _edges(graph: PathGraph) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Give the edges between images in the order of their ids, for peers that number rows as they come."""
    one, other = np.repeat(graph.ids, np.diff(graph.indptr)), graph.ids[graph.indices]
    once = one < other
    order = np.lexsort((other[once], one[once]))
    return one[once][order], other[once][order], graph.weights[once][order].astype(np.float64)


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
