"""What a search notes down, kept by each thread for its next one. Knows no graph."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.paths.bidirectional import ENTRY, LABEL, SPILLED

__all__ = ["Workspace", "workspace"]

_HEAP = 4096
_LAST_STAMP = 2**31 - 4


@dataclass(slots=True, eq=False)
class Workspace:
    """Labels and heaps for graphs of any size: 32 bytes for each image of the largest, and what the heaps came to."""

    labels: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 2), dtype=LABEL))
    heaps: NDArray[Any] = field(default_factory=lambda: np.empty((2, _HEAP), dtype=ENTRY))
    stamp: int = 0

    def run(self, n: int, search: Callable[[NDArray[Any], NDArray[Any], int], tuple[int, float]]) -> tuple[int, float]:
        """Search a graph of n rows, with labels, heaps and a new stamp; again with larger heaps where they spilled."""
        while True:
            self._renew(n)
            found = search(self.labels, self.heaps, self.stamp)
            if found[0] != SPILLED:
                return found
            self.heaps = np.empty((2, 2 * self.heaps.shape[1]), dtype=ENTRY)

    def _renew(self, n: int) -> None:
        if len(self.labels) < n or self.stamp >= _LAST_STAMP:
            self.labels = np.zeros((max(n, len(self.labels)), 2), dtype=LABEL)
            self.stamp = 0
        self.stamp += 2  # even while a row is reached, odd once it is settled


_OWN = threading.local()


def workspace() -> Workspace:
    """Give this thread's own."""
    own: Workspace | None = getattr(_OWN, "workspace", None)
    if own is None:
        own = _OWN.workspace = Workspace()
    return own
