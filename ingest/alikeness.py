"""What an angle is worth: for each label of the manifest, the probability that two pictures so far apart share it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from enfilade.confidence.alike import fit_alike
from enfilade.confidence.logistic import Logistic
from enfilade.errors import UnknownImageError
from enfilade.queries.neighbours import neighbours
from enfilade.schema import image
from enfilade.spaces import Space

__all__ = ["LABELS", "fit_alike_curves"]

LABELS: Final = ("style", "genre")
"""Not the artist: a stranger's may not be in the collection at all, which no angle tells."""
GROUPED_BY: Final = {"style": "artist"}
"""What a pair must not share for its label to count: members have neighbours by their own artist, strangers none."""
ASKED: Final = 200
NEAREST: Final = 24


def fit_alike_curves(
    connection: Connection, space: Space, members: Sequence[int], seed: int
) -> Mapping[str, Logistic | None]:
    """Fit a curve for each label on the nearest of some members, chosen by chance; None where too few are labelled."""
    chosen = [members[number] for number in Generator(PCG64(seed)).permutation(len(members))[:ASKED]]
    codes = _codes(connection)
    found = {}
    for one in chosen:
        with suppress(UnknownImageError):  # it came after this version of the space
            found[one] = neighbours(connection, space, one, limit=NEAREST)
    chosen = list(found)
    width = min(map(len, found.values()))
    angles = np.array([[hit.distance for hit in found[one][:width]] for one in chosen])
    hits = [[hit.image_id for hit in found[one][:width]] for one in chosen]

    def of(label: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        known = codes[label]
        asked = np.array([known.get(one, -1) for one in chosen], dtype=np.int64)
        return asked, np.array([[known.get(one, -1) for one in row] for row in hits], dtype=np.int64)

    return {
        label: fit_alike(angles, *of(label), of(GROUPED_BY[label]) if label in GROUPED_BY else None) for label in LABELS
    }


def _codes(connection: Connection) -> dict[str, dict[int, int]]:
    """Give each value of a label a number: label -> image id -> code."""
    codes: dict[str, dict[int, int]] = {}
    for label in {*LABELS, *GROUPED_BY.values()}:
        column = image.c[label]
        rows = connection.execute(select(image.c.id, column).where(column.is_not(None), image.c.hidden_at.is_(None)))
        numbers: dict[str, int] = {}
        codes[label] = {row[0]: numbers.setdefault(row[1], len(numbers)) for row in rows}
    return codes
