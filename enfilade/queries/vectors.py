"""Vectors, as they are written into SQL. Knows no table."""

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

__all__ = ["written"]


def written(vector: NDArray[np.floating[Any]]) -> str:
    """Write a vector (d,) as pgvector reads it, to the last bit. Number by number, thousands take milliseconds."""
    return orjson.dumps(np.ascontiguousarray(vector), option=orjson.OPT_SERIALIZE_NUMPY).decode()
