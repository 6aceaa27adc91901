"""By which images paths go, and what their steps join. Knows no database."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import NoEvenPathError
from enfilade.knn import angles_of_pairs
from enfilade.paths import Mode, Path, PathGraph, find_paths

__all__ = ["Codes", "Figures", "agreement", "path_figures", "walks"]

Codes = Mapping[str, NDArray[np.int64]]
Figures = dict[str, float]


def walks(graph: PathGraph, mode: Mode, pairs: Iterable[tuple[int, int]]) -> list[Path]:
    """Find the best path of each pair of ids; those that have no even one are left out."""
    paths: list[Path] = []
    for pair in pairs:
        with suppress(NoEvenPathError):
            paths += find_paths(graph, *pair, mode)
    return paths


def path_figures(vectors: NDArray[np.float32], codes: Codes, hubs: NDArray[np.int64], paths: Sequence[Path]) -> Figures:
    """Measure paths over rows of vectors, (n, d); hubs: (n,), the rows from the greatest hub to the least.

    used, chance, hub: per cent of the images between ends that are among the hundredth used most; among the hundredth
    drawn most, were as many drawn at random; among the hundredth that are the greatest hubs. gini: of how often each
    image is used. length and worst in radians; artist, style: see agreement. Empty where there are no paths.
    """
    if not paths:
        return {}
    n = len(vectors)
    uses = np.bincount([row for path in paths for row in path.inner], minlength=n)
    drawn = np.bincount(np.random.default_rng(0).integers(n, size=int(uses.sum())), minlength=n)
    source, target = np.array([step for path in paths for step in pairwise(path.images)], dtype=np.int64).T
    # Measured again: what a search weighed may have been something else than the angle.
    steps = angles_of_pairs(vectors, source, target)
    first = np.cumsum([0, *(len(path.distances) for path in paths[:-1])])
    return {
        "used": _per_cent(uses, np.argsort(-uses)),
        "chance": _per_cent(drawn, np.argsort(-drawn)),
        "hub": _per_cent(uses, hubs),
        "gini": _gini(uses),
        "steps": len(steps) / len(paths),
        "length": float(np.add.reduceat(steps, first).mean()),
        "worst": float(np.maximum.reduceat(steps, first).mean()),
        **agreement(codes, source, target),
    }


def agreement(codes: Codes, source: NDArray[np.int64], target: NDArray[np.int64]) -> Figures:
    """Give for each label the share of pairs (m,) that have the same value of it, among those where both have one."""
    figures = {}
    for label, values in codes.items():
        known = (values[source] >= 0) & (values[target] >= 0)
        if known.any():
            figures[label] = float((values[source] == values[target])[known].mean())
    return figures


def _per_cent(uses: NDArray[np.int64], order: NDArray[np.int64]) -> float:
    first = order[: max(1, round(len(uses) / 100))]
    return 100 * float(uses[first].sum() / max(uses.sum(), 1))


def _gini(uses: NDArray[np.int64]) -> float:
    """Give C. Gini's coefficient (1912): 0 where all are used alike, near 1 where one is used only."""
    n = len(uses)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(ranks @ np.sort(uses) / max(n * uses.sum(), 1))
