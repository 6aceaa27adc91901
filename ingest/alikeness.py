"""What nearness is worth: for each label of the manifest, the probability that a picture and a result share it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, select

from enfilade.confidence.alike import NEAREST, fit_alike
from enfilade.confidence.logistic import Logistic
from enfilade.errors import UnknownImageError
from enfilade.queries.images import Filters
from enfilade.queries.neighbours import neighbours
from enfilade.schema import image
from enfilade.spaces import Space

__all__ = ["LABELS", "fit_alike_curves"]

LABELS: Final = ("style", "genre")
"""Not the artist: a stranger's may not be in the collection at all, which no angle tells."""
ASKED: Final = 200
_UNKNOWN: Final = -1


@dataclass(frozen=True)
class _ByOthers(Filters):
    """Images by another artist, or by none that is known."""

    than: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        return [*super().conditions(), image.c.artist.is_distinct_from(self.than)]


def fit_alike_curves(
    connection: Connection, space: Space, members: Sequence[int], seed: int
) -> Mapping[str, Logistic | None]:
    """Fit a curve for each label on the nearest of some members, chosen by chance; None where too few are labelled.

    Each member is asked for twice: among all, and among works by other artists alone. For the artist of a picture that
    is brought may be in the collection or not, and which it is shows in how near its nearest are, and how much of one
    label.
    """
    chosen = [members[number] for number in Generator(PCG64(seed)).permutation(len(members))[:ASKED]]
    artists = _labels(connection, "artist")
    asked: list[int] = []
    found = []
    for one in chosen:
        for filters in (Filters(), _ByOthers(than=artists[one])) if one in artists else (Filters(),):
            with suppress(UnknownImageError):  # it came after this version of the space
                found.append(neighbours(connection, space, one, limit=NEAREST, filters=filters))
                asked.append(one)
    angles = _table([[hit.distance for hit in hits] for hits in found])
    curves = {}
    for label in LABELS:
        codes = _codes(_labels(connection, label))
        theirs = _table([[codes.get(hit.image_id, _UNKNOWN) for hit in hits] for hits in found])
        mine = np.array([codes.get(one, _UNKNOWN) for one in asked], dtype=np.int64)
        curves[label] = fit_alike(angles, mine, theirs.astype(np.int64))
    return curves


def _table(rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Set rows of up to NEAREST numbers below each other; where they end, nothing is known."""
    table = np.full((len(rows), NEAREST), float(_UNKNOWN))
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def _labels(connection: Connection, name: str) -> dict[int, str]:
    """Fetch a label of the images that are shown and bear it, by the image's id."""
    column = image.c[name]
    rows = connection.execute(select(image.c.id, column).where(column.is_not(None), image.c.hidden_at.is_(None)))
    return {row[0]: row[1] for row in rows}


def _codes(labels: Mapping[int, str]) -> dict[int, int]:
    """Give each value of a label a number: image id -> code."""
    numbers: dict[str, int] = {}
    return {image_id: numbers.setdefault(value, len(numbers)) for image_id, value in labels.items()}
