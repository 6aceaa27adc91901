"""Ways to keep hubs from a kNN graph: other neighbours than the nearest, fewer edges, dearer steps. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from enfilade.edges import EdgeKind, Edges
from enfilade.evaluation.rescaling import Score, cross_domain_scaling, mutual_proximity, nearest_under
from enfilade.knn import KnnGraph, angles_of_pairs, edges_of, knn_graph

__all__ = ["Tamed", "tamings"]

NEAR = 50  # candidates a row; that many an approximate index gives as well
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Tamed:
    """A graph: the neighbours it was made of, if each image has k; its edges before bridges; what paths cost more.

    penalty: an edge's weight is its angle, times the geometric mean of its ends' degrees, in units of the mean degree,
    to this power.
    """

    neighbours: KnnGraph | None
    edges: Edges
    penalty: float = 0.0

    def in_degrees(self, n: int) -> NDArray[np.int64]:
        """Count of how many each image is a neighbour, (n,); or else the edges it has."""
        ends = (
            np.append(self.edges.source, self.edges.target) if self.neighbours is None else self.neighbours.neighbours
        )
        return np.bincount(ends.ravel(), minlength=n)

    def weights(self, n: int, joined: Edges) -> Floats:
        """Weigh the edges, (m,), after bridges were added."""
        degrees = np.bincount(np.append(joined.source, joined.target), minlength=n)
        product = degrees[joined.source] * degrees[joined.target] / degrees.mean() ** 2
        return np.asarray(joined.distance * product ** (self.penalty / 2), dtype=np.float64)


def tamings(vectors: NDArray[np.float32], k: int) -> Iterator[tuple[str, Tamed]]:
    """Yield each way by name, the plain graph of the k nearest first. vectors: (n, d), rows of unit length; n > 50."""
    plain, near = knn_graph(vectors, k), knn_graph(vectors, NEAR)
    yield "none", _union(plain)
    for name, likeness in _RESCALED_NEAR.items():
        yield f"{name}, of {NEAR}", _union(_chosen(near, likeness(near, k), k))
    for name, score in _RESCALED.items():
        yield f"{name}, of all", _union(_chosen_of_all(vectors, score(vectors, k), k))
    for most in (3 * k // 2, 2 * k):
        yield f"in-degree up to {most}", _union(_capped(near, k, most))
    yield f"mutual only, k = {3 * k // 2}", _mutual(knn_graph(vectors, 3 * k // 2))
    for penalty in (0.25, 0.5):
        yield f"penalty {penalty:g}", Tamed(plain, edges_of(plain), penalty)


def _union(neighbours: KnnGraph) -> Tamed:
    return Tamed(neighbours, edges_of(neighbours))


def _mutual(neighbours: KnnGraph) -> Tamed:
    edges = edges_of(neighbours)
    kept = edges.kind == EdgeKind.MUTUAL
    return Tamed(None, Edges(*(getattr(edges, field.name)[kept] for field in fields(edges))))


def _chosen(near: KnnGraph, likeness: Floats, k: int) -> KnnGraph:
    """Keep the k likest candidates of each row; likeness: (n, candidates), more is nearer."""
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :k]
    return KnnGraph(np.take_along_axis(near.neighbours, order, axis=1), np.take_along_axis(near.angles, order, axis=1))


def _chosen_of_all(vectors: NDArray[np.float32], score: Score, k: int) -> KnnGraph:
    rows = np.arange(len(vectors))
    found = nearest_under(vectors, score, k, rows)
    return KnnGraph(found, angles_of_pairs(vectors, np.repeat(rows, k), found.ravel()).reshape(found.shape))


def _local_scaling(near: KnnGraph, k: int) -> Floats:
    """Divide by the root of both mean angles to the k nearest: NICDM, Schnitzer and others (2012), section 3.1."""
    means = near.angles[:, :k].mean(axis=1, dtype=np.float64).clip(1e-9)
    return np.asarray(-near.angles / np.sqrt(means[:, None] * means[near.neighbours]), dtype=np.float64)


def _local_scaling_of_all(vectors: NDArray[np.float32], k: int) -> Score:
    roots = np.sqrt(knn_graph(vectors, k).angles.mean(axis=1, dtype=np.float64).clip(1e-9))
    return lambda rows, cosines: -np.arccos(cosines.clip(-1, 1)) / (roots[rows, None] * roots)


def _cross_domain(near: KnnGraph, k: int) -> Floats:
    """See enfilade.evaluation.rescaling.cross_domain_scaling."""
    cosines = np.cos(near.angles.astype(np.float64))
    means = cosines[:, :k].mean(axis=1)
    return np.asarray(2 * cosines - means[:, None] - means[near.neighbours], dtype=np.float64)


def _proximity(near: KnnGraph, _k: int) -> Floats:
    """Take enfilade.evaluation.rescaling.mutual_proximity with the mean and deviation of the candidates' angles."""
    angles = near.angles.astype(np.float64)
    means, deviations = angles.mean(axis=1), angles.std(axis=1).clip(1e-9)
    from_row = (angles - means[:, None]) / deviations[:, None]
    from_other = (angles - means[near.neighbours]) / deviations[near.neighbours]
    return np.asarray(log_ndtr(-from_row) + log_ndtr(-from_other), dtype=np.float64)


def _capped(near: KnnGraph, k: int, most: int) -> KnnGraph:
    """Take pairs by ascending angle, while one has fewer than k neighbours and the other is that of fewer than most.

    A row that comes short takes the nearest of those it went without.
    """
    kept: NDArray[np.bool_] = np.zeros(near.angles.shape, dtype=np.bool_)
    taken, given = (np.zeros(len(kept), dtype=np.int64) for _ in range(2))
    for pair in np.argsort(near.angles, axis=None, kind="stable").tolist():
        row, place = divmod(pair, kept.shape[1])
        other = near.neighbours[row, place]
        if taken[row] < k and given[other] < most:
            kept[row, place] = True
            taken[row] += 1
            given[other] += 1
    return _chosen(near, np.where(kept, 10.0, 0.0) - near.angles, k)


_RESCALED_NEAR: Mapping[str, Callable[[KnnGraph, int], Floats]] = {
    "local scaling": _local_scaling,
    "CSLS": _cross_domain,
    "mutual proximity": _proximity,
}
_RESCALED: Mapping[str, Callable[[NDArray[np.float32], int], Score]] = {
    "local scaling": _local_scaling_of_all,
    "CSLS": cross_domain_scaling,
    "mutual proximity": lambda vectors, _: mutual_proximity(vectors),
}
