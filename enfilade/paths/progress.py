"""How far along a picture is between two others. Knows vectors, no graph."""

import numpy as np
from numpy.typing import NDArray

from enfilade.compiling import compiled

__all__ = ["angles_to"]


@compiled
def angles_to(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """Measure the angles in radians, (n,), from the unit rows of vectors (n, d) to one vector (d,).

    By 2 asin(|a - b| / 2), which keeps its digits where an inner product would lose them: at small angles.
    """
    angles = np.empty(len(vectors))
    for row in range(len(vectors)):
        squares = np.float64(0)
        for column in range(len(vector)):
            apart = np.float64(vectors[row, column]) - np.float64(vector[column])
            squares += apart * apart
        angles[row] = 2 * np.arcsin(min(np.sqrt(squares) / 2, 1.0))
    return angles
