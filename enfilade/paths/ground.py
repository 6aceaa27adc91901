"""What an even walk may go over: the part of a graph between two ends, with how far along each picture is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from enfilade.paths.adjacency import places_of
from enfilade.paths.bidirectional import OPEN
from enfilade.paths.ends import End, TemporaryNode
from enfilade.paths.graph import PathGraph
from enfilade.paths.layers import UNREACHED, hops_from, induced, rising_lengths
from enfilade.paths.progress import angles_to

__all__ = ["Ground", "Strip", "ground_between"]


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Some of the rows, (k,), the arcs among them, and each arc's setbacks (arcs,) walked towards its row: 0 to 2.

    fell: (arcs,), whether progress does not rise on it. behind, ahead: (k,), the least steps from the source and to the
    target. source, target: their places among the rows.
    """

    rows: NDArray[np.int64]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: NDArray[np.float64]
    setbacks: NDArray[np.float64]
    fell: NDArray[np.bool_]
    behind: NDArray[np.int32]
    ahead: NDArray[np.int32]
    source: int
    target: int


@dataclass(frozen=True, eq=False)
class Ground:
    """A graph with the two ends as rows of it. from_source, to_target: (n,), angles of each row's picture."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: NDArray[np.float32]
    closed: NDArray[np.uint8]
    source: int
    target: int
    from_source: NDArray[np.float64]
    to_target: NDArray[np.float64]

    @cached_property
    def progress(self) -> NDArray[np.float64]:
        """How far along each row is, (n,): least at the source, greatest at the target, by the triangle inequality."""
        return self.from_source - self.to_target

    @cached_property
    def behind(self) -> NDArray[np.int32]:
        """The least steps from the source, (n,)."""
        return hops_from(self.indptr, self.indices, self.closed, self.source)

    @cached_property
    def ahead(self) -> NDArray[np.int32]:
        """The least steps to the target, (n,)."""
        return hops_from(self.indptr, self.indices, self.closed, self.target)

    @property
    def fewest(self) -> int | None:
        """The least steps between the ends, where there is a way."""
        fewest = int(self.behind[self.target])
        return None if fewest == UNREACHED else fewest

    @cached_property
    def detours(self) -> NDArray[np.float64]:
        """The length of the shortest rising way by each row, (n,); every row of that way has no longer one."""
        order = np.argsort(self.progress, kind="stable")
        arrays = self.indptr, self.indices, self.weights, self.closed
        onwards = rising_lengths(*arrays, self.progress, order, self.source)
        return onwards + rising_lengths(*arrays, -self.progress, order[::-1], self.target)

    def within(self, hops: int) -> NDArray[np.int64]:
        """Find the rows that a walk of so many steps can come by."""
        return np.flatnonzero(self.behind.astype(np.int64) + self.ahead <= hops)

    def strip(self, rows: NDArray[np.int64]) -> Strip:
        """Cut out some rows, ascending, the two ends among them."""
        indptr, indices, weights = induced(self.indptr, self.indices, self.weights, rows)
        to, come = np.repeat(np.arange(len(rows)), np.diff(indptr)), indices
        gone, left, along = self.from_source[rows], self.to_target[rows], self.progress[rows]
        return Strip(
            rows, indptr, indices, weights,
            setbacks=(gone[to] <= gone[come]).astype(np.float64) + (left[to] >= left[come]),
            fell=along[to] <= along[come],
            behind=self.behind[rows],
            ahead=self.ahead[rows],
            source=int(np.searchsorted(rows, self.source)),
            target=int(np.searchsorted(rows, self.target)),
        )  # fmt: skip

    def distances(self, walk: NDArray[np.int32]) -> NDArray[np.float64]:
        """Give the steps, (h,), of a walk over rows (h + 1,)."""
        steps: NDArray[np.float64] = self.weights[places_of(self.indptr, self.indices, walk)].astype(np.float64)
        return steps

    def setbacks(self, walk: NDArray[np.int32]) -> int:
        """Count the steps that get no farther from the source, and those that get no nearer to the target."""
        gone, left = np.diff(self.from_source[walk]), np.diff(self.to_target[walk])
        return int((gone <= 0).sum() + (left >= 0).sum())


def ground_between(
    graph: PathGraph, source: End, target: End, closed: NDArray[np.uint8], vectors: NDArray[np.float32]
) -> Ground:
    """Lay out a graph between two ends; vectors: (n, d), of its rows. What is not OPEN is closed."""
    vectors = vectors.view(np.ndarray)  # mapped or not, it is compiled for one kind
    vectors.flags.writeable = False
    guests = [end for end in (source, target) if isinstance(end, TemporaryNode)]
    arrays = graph.indptr, graph.indices, graph.weights
    places = {}
    for guest in guests:
        arrays, places[id(guest)] = _extended(graph, arrays, guest), len(arrays[0]) - 1
    start, goal = (places[id(end)] if isinstance(end, TemporaryNode) else graph.node(end) for end in (source, target))
    gone, left = (_angles(graph, vectors, guests, end) for end in (source, target))
    if len(closed):
        closed = np.append(closed, np.full(len(guests), OPEN, dtype=np.uint8))
        closed[[start, goal]] = OPEN
    return Ground(*arrays, closed, start, goal, gone, left)


Arrays = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]


def _extended(graph: PathGraph, arrays: Arrays, guest: TemporaryNode) -> Arrays:
    """Copy an adjacency with one row more."""
    indptr, indices, weights = arrays
    n = len(indptr) - 1
    rows = graph.find(guest.neighbours)
    order = np.argsort(rows)
    rows, lengths = rows[order], np.array(guest.distances, dtype=np.float32)[order]
    ends = indptr[rows + 1]  # the new row is the last, so each neighbour has it as its last column
    grown = indptr.copy()
    grown[1:] += np.cumsum(np.bincount(rows, minlength=n))
    extended = (
        np.append(grown, grown[-1] + len(rows)),
        np.append(np.insert(indices, ends, n), rows).astype(np.int32),
        np.append(np.insert(weights, ends, lengths), lengths),
    )
    for array in extended:
        array.flags.writeable = False  # as the graph's own are, so that code is compiled for one kind
    return extended


def _angles(
    graph: PathGraph, vectors: NDArray[np.float32], guests: list[TemporaryNode], end: End
) -> NDArray[np.float64]:
    vector = _vector(end) if isinstance(end, TemporaryNode) else np.asarray(vectors[graph.node(end)])
    others = [angles_to(_vector(guest)[None], vector) for guest in guests]
    return np.concatenate([angles_to(vectors, vector), *others])


def _vector(guest: TemporaryNode) -> NDArray[np.float32]:
    if guest.vector is None:
        raise ValueError("an even walk needs the vector of a picture that is not in the graph")
    return np.ascontiguousarray(guest.vector, dtype=np.float32)
