"""Make rows into directions. Knows no database and no pictures."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["unit_rows"]


def unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scale rows, (n, d), to unit length; a row of zeros becomes the first basis vector, as in enfilade.pca."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units = np.where(lengths > 0, rows, np.eye(1, rows.shape[1])) / np.where(lengths > 0, lengths, 1)
    return units.astype(np.float32)
