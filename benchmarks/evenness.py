"""What walks of each mode are like in a collection, beside a random walk; and what even walks trade for what."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sqlalchemy import Connection

from enfilade.database import open_database
from enfilade.errors import NoEvenPathError
from enfilade.knn import angles_between
from enfilade.paths import Even, Evenness, Path, PathGraph, Smooth, find_paths
from enfilade.paths.even import shortest_walk
from enfilade.paths.ground import ground_between
from enfilade.queries.builds import find_build
from enfilade.queries.graphs import load_graph, load_vectors
from enfilade.settings import Settings

__all__ = ["frontier", "run"]

FEWEST, MOST = 3, 12
_OPEN = np.empty(0, dtype=np.uint8)
Pairs = list[tuple[int, int]]


class Placed(NamedTuple):
    """A graph, and the places of its rows, (n, d)."""

    graph: PathGraph
    vectors: NDArray[np.float32]


def run(space: str | None, pairs: int, seed: int = 0) -> dict[str, Any]:
    """Walk between random pairs of the collection in every mode: figures are means over the pairs."""
    placed = _load(space)
    drawn = _pairs(placed.graph.ids, pairs, seed)
    fewest = [_fewest(placed, pair) for pair in drawn]
    even = Even(placed.vectors)
    rows = {
        "shortest": _sum_up(placed, drawn, lambda pair: find_paths(placed.graph, *pair)[0]),
        "smooth": _sum_up(placed, drawn, lambda pair: find_paths(placed.graph, *pair, Smooth())[0]),
        "random walk": _sum_up(placed, drawn, _wanderer(placed.graph)),
        "even, chosen": _sum_up(placed, drawn, lambda pair: find_paths(placed.graph, *pair, even)[0]),
    }
    for between in range(FEWEST, MOST + 1):
        mode = Even(placed.vectors, between)
        asked = [pair for pair, least in zip(drawn, fewest, strict=True) if between >= least - 1]
        if asked:
            rows[f"even, {between}"] = _sum_up(placed, asked, _walker(placed.graph, mode), whole=between)
    return {"images": len(placed.graph.ids), "edges": placed.graph.edges, "pairs": pairs, "peers": rows}


def frontier(space: str | None, pairs: int, between: int, seed: int = 0) -> dict[str, Any]:
    """Walk with one number of pictures between, weighing length and setbacks differently."""
    placed = _load(space)
    drawn = [pair for pair in _pairs(placed.graph.ids, pairs, seed) if _fewest(placed, pair) <= between + 1]
    rows = {}
    for stretch in (0.0, 0.003, 0.01, 0.03):
        for setback in (0.0, 3e-5, 1e-4, 3e-4, 1e-3):
            mode = Even(placed.vectors, between, Evenness(stretch=stretch, setback=setback))
            rows[f"{stretch:g}, {setback:g}"] = _sum_up(placed, drawn, _walker(placed.graph, mode), whole=between)
    return {"images": len(placed.graph.ids), "pairs": len(drawn), "between": between, "peers": rows}


def _load(space: str | None) -> Placed:
    with open_database(Settings.from_environment()) as engine, engine.connect() as connection:
        return _load_from(connection, space)


def _load_from(connection: Connection, space: str | None) -> Placed:
    build = find_build(connection, space_name=space)
    graph = load_graph(connection, build.id)
    return Placed(graph, load_vectors(connection, build.space_id, build.dimensions, graph.ids))


def _pairs(ids: NDArray[np.int64], count: int, seed: int) -> Pairs:
    drawn = np.random.default_rng(seed).choice(np.sort(ids), size=(4 * count + 16, 2))
    return [(int(one), int(other)) for one, other in drawn[drawn[:, 0] != drawn[:, 1]][:count]]


def _fewest(placed: Placed, pair: tuple[int, int]) -> int:
    return ground_between(placed.graph, *pair, _OPEN, placed.vectors).fewest or 0


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
    placed: Placed, pairs: Pairs, walk: Callable[[tuple[int, int]], Path], *, whole: int | None = None
) -> dict[str, float]:
    measured = []
    for pair in pairs:
        with suppress(NoEvenPathError):  # where the graph has no walk of exactly so many
            measured.append(_measure(placed, pair, walk(pair), whole))
    means = {name: float(np.mean([one[name] for one in measured])) for name in measured[0]}
    return means | {"asked": len(pairs), "answered": len(measured)}


def _measure(placed: Placed, pair: tuple[int, int], path: Path, whole: int | None) -> dict[str, float]:
    """Measure a path; whole: how many different images it is to have between its ends, so that exact is 0 or 1."""
    graph, vectors = placed
    rows = graph.find(path.images)
    gone, left = (angles_between(vectors[rows], np.tile(vectors[graph.node(end)], (len(rows), 1))) for end in pair)
    figures = {
        "steps": len(path.distances),
        "length": path.length,
        "worst": path.worst_step,
        "variation": path.variation,
        "progress": -_in_order(left),
        "from source": _in_order(gone),
    }
    if whole is not None:
        ground = ground_between(graph, *pair, _OPEN, vectors)
        figures["stretch"] = path.length / shortest_walk(ground, whole + 1)
        figures["exact"] = float(len(set(path.inner) - set(pair)) == len(path.inner) == whole)
    return figures


def _in_order(distances: NDArray[np.float64]) -> float:
    """Give the rank correlation (C. Spearman, 1904) of distances with their places; 0 where all are equal."""
    ranks = rankdata(distances)
    return float(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) if ranks.std() > 0 else 0.0
