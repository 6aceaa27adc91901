"""How many of the true nearest images a space's index finds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.queries.neighbours import nearest
from enfilade.spaces import Space

__all__ = ["index_recall"]

DEPTH = 10
TIE = 1e-6


def index_recall(connection: Connection, space: Space, places: Sequence[NDArray[np.float32]]) -> float | None:
    """Measure recall@10 of the HNSW index against an exact scan, over places (dimensions,) that are asked for.

    An image as near as the tenth counts as found, so that ties do not matter. None for an empty space.
    """
    found = possible = 0
    for place in places:
        exact = nearest(connection, space, place, limit=DEPTH, exact=True)
        if exact:
            within = exact[-1].distance + TIE
            indexed = nearest(connection, space, place, limit=len(exact))
            found += sum(one.distance <= within for one in indexed)
            possible += len(exact)
    return found / possible if possible else None
