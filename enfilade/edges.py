"""The undirected edges of a similarity graph, and why each is there. Knows no way to find them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["EdgeKind", "Edges"]


class EdgeKind(IntEnum):
    """Why an edge is there."""

    KNN = 0  # one end has the other among its neighbours
    MUTUAL = 1  # each has the other
    BRIDGE = 2  # neither has; it joins two components


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Undirected edges, each once, source < target, sorted by (source, target); every array is (m,).

    distance is in radians. kind holds EdgeKinds. source_rank is the rank of the target among the source's
    neighbours, from 1, or 0 where it is not among them; target_rank is the other way round.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    distance: NDArray[np.float32]
    kind: NDArray[np.int8]
    source_rank: NDArray[np.int16]
    target_rank: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.source)
