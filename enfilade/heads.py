"""Apply a trained head: a small network over frozen coordinates. Knows no database, no pictures and no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Head", "apply", "set_beside"]

_BLOCK = 4096  # rows at a time: 17 MB of float64 at d = 512


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth; compare arrays()
class Head:
    """Fully connected layers, with GELU between them; a single layer is a linear map.

    weights: for each layer (inputs, outputs), where each layer takes what the one before gives. biases: (outputs,).
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    @property
    def dimensions(self) -> int:
        """How many numbers it gives for a row."""
        return len(self.biases[-1])

    def arrays(self) -> Mapping[str, NDArray[np.float32]]:
        """Name every array, for a NumPy .npz archive; the names leave room for others' arrays beside them."""
        layers = enumerate(zip(self.weights, self.biases, strict=True))
        pairs = [((f"head_weight_{n}", weight), (f"head_bias_{n}", bias)) for n, (weight, bias) in layers]
        return {name: array for pair in pairs for name, array in pair}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take a head from arrays named as arrays() names them; others are left alone. Raises KeyError without one."""
        further = takewhile(lambda layer: f"head_weight_{layer}" in arrays, count(1))
        layers = (0, *further)
        return cls(
            weights=tuple(arrays[f"head_weight_{layer}"] for layer in layers),
            biases=tuple(arrays[f"head_bias_{layer}"] for layer in layers),
        )


def apply(head: Head, inputs: NDArray[np.floating]) -> NDArray[np.float32]:
    """Put inputs (n, d) through a head: (n, dimensions), rows of unit length.

    A row that the head sends to 0 has no direction: it becomes the first basis vector.
    """
    placed = np.empty((len(inputs), head.dimensions), dtype=np.float32)
    for start in range(0, len(inputs), _BLOCK):
        # In float64, so that a picture placed alone lands where it landed among others.
        rows = inputs[start : start + _BLOCK].astype(np.float64)
        for layer, (weight, bias) in enumerate(zip(head.weights, head.biases, strict=True)):
            rows = (_gelu(rows) if layer else rows) @ weight.astype(np.float64) + bias
        placed[start : start + _BLOCK] = _unit_rows(rows)
    return placed


def set_beside(head: Head, inputs: NDArray[np.floating], *, frozen: int, share: float) -> NDArray[np.float32]:
    """Set what a head makes of coordinates beside the first of them: (n, min(frozen, d) + dimensions), unit rows.

    inputs: (n, d), most variance first. frozen: how many of them are kept as they are; a collection may have fewer.
    share: how much the head counts, from 0 to 1: the cosine of two results is
    (1 - share) * the cosine of the kept coordinates + share * the cosine of the head's.

    Alone, a head forgets what its labels did not ask for: trained on some artists, it tells others apart less well
    than the frozen coordinates do, and beside them better than either.
    """
    kept = _unit_rows(inputs[:, :frozen].astype(np.float64))
    beside = [np.sqrt(1 - share) * kept, np.sqrt(share) * apply(head, inputs)]
    return np.concatenate(beside, axis=1).astype(np.float32)


def _gelu(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016), in the approximation by tanh."""
    smooth: NDArray[np.float64] = np.tanh(np.sqrt(2 / np.pi) * (values + 0.044715 * values**3))
    return values * (1 + smooth) / 2


def _unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    first = np.eye(1, rows.shape[1])
    directions: NDArray[np.float64] = np.where(lengths > 0, rows, first) / np.where(lengths > 0, lengths, 1)
    return directions
