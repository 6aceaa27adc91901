"""What even walks are like, beside the other modes and a random walk; and what their weights trade for what."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from benchmarks.clustered import clustered_vectors
from enfilade.joining import join
from enfilade.knn import angles_between, edges_of, knn_graph
from enfilade.paths import Even, Evenness, Path, PathGraph, Smooth, find_paths, path_graph
from enfilade.paths.even import shortest_walk
from enfilade.paths.ground import ground_between

__all__ = ["frontier", "joined_graph", "run"]

FEWEST, MOST = 3, 12
_OPEN = np.empty(0, dtype=np.uint8)
Pairs = list[tuple[int, int]]


def run(vectors: NDArray[np.float32] | None, pairs: int, neighbours: int, seed: int = 0) -> dict[str, Any]:
    """Walk between random pairs in every mode: figures are means over the pairs."""
    vectors = clustered_vectors(3000) if vectors is None else vectors
    graph = joined_graph(vectors, neighbours)
    placed, drawn = vectors[graph.ids], _pairs(len(graph.ids), pairs, seed)
    fewest = [_fewest(graph, placed, pair) for pair in drawn]
    rows = {
        "shortest": _sum_up(graph, placed, drawn, lambda pair: find_paths(graph, *pair)[0]),
        "smooth": _sum_up(graph, placed, drawn, lambda pair: find_paths(graph, *pair, Smooth())[0]),
        "random walk": _sum_up(graph, placed, drawn, _wanderer(graph)),
        "even, chosen": _sum_up(graph, placed, drawn, lambda pair: find_paths(graph, *pair, Even(placed))[0]),
    }
    for between in range(FEWEST, MOST + 1):
        mode = Even(placed, between)
        asked = [pair for pair, least in zip(drawn, fewest, strict=True) if between >= least - 1]
        if asked:
            rows[f"even, {between}"] = _sum_up(graph, placed, asked, _walker(graph, mode), whole=between)
    return {"images": len(graph.ids), "edges": graph.edges, "pairs": pairs, "peers": rows}


def frontier(vectors: NDArray[np.float32] | None, pairs: int, neighbours: int, between: int) -> dict[str, Any]:
    """Walk with one number of pictures between, weighing length and setbacks differently."""
    vectors = clustered_vectors(3000) if vectors is None else vectors
    graph = joined_graph(vectors, neighbours)
    placed = vectors[graph.ids]
    drawn = [pair for pair in _pairs(len(graph.ids), pairs) if _fewest(graph, placed, pair) <= between + 1]
    rows = {}
    for stretch in (0.0, 0.003, 0.01, 0.03):
        for setback in (0.0, 3e-5, 1e-4, 3e-4, 1e-3):
            mode = Even(placed, between, Evenness(stretch=stretch, setback=setback))
            rows[f"{stretch:g}, {setback:g}"] = _sum_up(graph, placed, drawn, _walker(graph, mode), whole=between)
    return {"images": len(graph.ids), "pairs": len(drawn), "between": between, "peers": rows}


def joined_graph(vectors: NDArray[np.float32], neighbours: int) -> PathGraph:
    """Build the graph of vectors as an ingest does; its ids are their rows."""
    edges = join(vectors, edges_of(knn_graph(vectors, neighbours)))
    return path_graph(edges.source, edges.target, edges.distance, edges.kind, images=np.arange(len(vectors)))


def _pairs(n: int, count: int, seed: int = 0) -> Pairs:
    drawn = np.random.default_rng(seed).integers(n, size=(4 * count + 16, 2))
    return [(int(one), int(other)) for one, other in drawn[drawn[:, 0] != drawn[:, 1]][:count]]


def _fewest(graph: PathGraph, placed: NDArray[np.float32], pair: tuple[int, int]) -> int:
    return ground_between(graph, *pair, _OPEN, placed).fewest or 0


def _walker(graph: PathGraph, mode: Even) -> Callable[[tuple[int, int]], Path]:
    return lambda pair: find_paths(graph, *pair, mode)[0]


def _wanderer(graph: PathGraph) -> Callable[[tuple[int, int]], Path]:
    """Take five random steps from the source, wherever they lead."""
    chance = np.random.default_rng(1)

    def wander(pair: tuple[int, int]) -> Path:
        row, rows, steps = graph.node(pair[0]), [graph.node(pair[0])], []
        for _ in range(5):
            place = int(chance.integers(graph.indptr[row], graph.indptr[row + 1]))
            row = int(graph.indices[place])
            rows.append(row)
            steps.append(float(graph.weights[place]))
        return Path(tuple(graph.ids[rows].tolist()), tuple(steps))

    return wander


def _sum_up(
    graph: PathGraph,
    placed: NDArray[np.float32],
    pairs: Pairs,
    walk: Callable[[tuple[int, int]], Path],
    *,
    whole: int | None = None,
) -> dict[str, float]:
    measured = [_measure(graph, placed, pair, walk(pair), whole) for pair in pairs]
    return {name: float(np.mean([one[name] for one in measured])) for name in measured[0]} | {"pairs": len(pairs)}


def _measure(
    graph: PathGraph, placed: NDArray[np.float32], pair: tuple[int, int], path: Path, whole: int | None
) -> dict[str, float]:
    """Measure a path; whole: how many different images it is to have between its ends, so that exact is 0 or 1."""
    rows = graph.find(path.images)
    left = angles_between(placed[rows], np.broadcast_to(placed[graph.node(pair[1])], (len(rows), placed.shape[1])))
    gone = angles_between(placed[rows], np.broadcast_to(placed[graph.node(pair[0])], (len(rows), placed.shape[1])))
    figures = {
        "steps": len(path.distances),
        "length": path.length,
        "worst": path.worst_step,
        "variation": path.variation,
        "progress": -_in_order(left),
        "from source": _in_order(gone),
    }
    if whole is not None:
        ground = ground_between(graph, *pair, _OPEN, placed)
        figures["stretch"] = path.length / shortest_walk(ground, whole + 1)
        figures["exact"] = float(len(set(path.inner) - set(pair)) == len(path.inner) == whole)
    return figures


def _in_order(distances: NDArray[np.float64]) -> float:
    """Give the rank correlation (C. Spearman, 1904) of distances with their places; 0 where all are equal."""
    ranks = rankdata(distances)
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) if ranks.std() > 0 else 0.0
