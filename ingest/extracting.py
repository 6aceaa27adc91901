"""The extractors of a run: registered in the database, their networks opened when the first picture needs them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from enfilade.descriptors import Extract, Extractor
from enfilade.schema import extractor as extractor_table

__all__ = ["Extracting", "register"]


def register(connection: Connection, extractor: Extractor) -> int:
    """Give the id of an extractor, making its row if there is none."""
    row = {
        "name": extractor.name,
        "recipe": dict(extractor.recipe),
        "recipe_hash": extractor.recipe_hash,
        "dimensions": extractor.dimensions,
    }
    connection.execute(insert(extractor_table).values(row).on_conflict_do_nothing())
    query = select(extractor_table.c.id).where(extractor_table.c.recipe_hash == extractor.recipe_hash)
    return int(connection.execute(query).scalar_one())


class Extracting:
    """Extractors with their ids, ready to run."""

    def __init__(self, extractors: Sequence[Extractor], ids: Sequence[int], home: Path) -> None:
        self.extractors = tuple(extractors)
        self.ids = tuple(ids)
        self._home = home
        self._open: dict[int, Extract] = {}

    def features(self, prepared: Sequence[Sequence[NDArray[np.uint8]]]) -> list[tuple[int, NDArray[np.float32]]]:
        """Describe pictures, each prepared for every extractor: extractor id and (n, dimensions) for each."""
        return [
            (self.ids[number], self.extract(number, [one[number] for one in prepared]))
            for number in range(len(self.extractors))
        ]

    def extract(self, number: int, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Describe prepared pictures by one of the extractors: (n, dimensions)."""
        extractor = self.extractors[number]
        if not pixels:
            return np.empty((0, extractor.dimensions), dtype=np.float32)
        if number not in self._open:
            self._open[number] = extractor.open(self._home)
        return self._open[number](np.stack(pixels))
