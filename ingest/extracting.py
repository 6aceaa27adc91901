"""The extractors of a run, registered in the database, ready to run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psycopg import sql
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from enfilade.copying import copy_in, halfvec, integer
from enfilade.descriptors import Describing, Extractor, OpenEncoders, Prepared
from enfilade.schema import extractor as extractor_table
from enfilade.spaces import SpaceRecipe

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
    """Extractors with their ids. Each encoder among them looks at a picture once."""

    def __init__(self, describing: Describing, ids: Sequence[int]) -> None:
        self._describing = describing
        self.ids = tuple(ids)

    @classmethod
    def of(cls, engine: Engine, recipes: Sequence[SpaceRecipe], home: Path) -> Self:
        """Register all that these spaces are made of."""
        by_hash = {extractor.recipe_hash: extractor for recipe in recipes for extractor in recipe.extractors}
        with engine.begin() as connection:
            ids = [register(connection, extractor) for extractor in by_hash.values()]
        return cls(Describing(list(by_hash.values()), OpenEncoders(home)), ids)

    def ids_of(self, recipe: SpaceRecipe) -> list[int]:
        """Give the ids of a space's extractors, part by part."""
        by_hash = {one.recipe_hash: id_ for one, id_ in zip(self._describing.extractors, self.ids, strict=True)}
        return [by_hash[extractor.recipe_hash] for extractor in recipe.extractors]

    def only(self, ids: Sequence[int]) -> "Extracting":
        """Give some of the extractors."""
        return Extracting(self._describing.only([self.ids.index(id_) for id_ in ids]), ids)

    def prepare(self, picture: Image.Image) -> Prepared:
        """Make an upright RGB picture ready; called from several threads."""
        return self._describing.prepare(picture)

    def describe(self, prepared: Sequence[Prepared]) -> list[NDArray[np.float32]]:
        """Describe n pictures: for each extractor (n, dimensions)."""
        return self._describing.describe(prepared)

    def store(self, connection: Connection, image_ids: NDArray[np.int64], features: list[NDArray[np.float32]]) -> None:
        """Write the features of images, as describe gave them."""
        for extractor_id, vectors in zip(self.ids, features, strict=True):
            fields = [integer("extractor_id"), integer("image_id"), halfvec("vector", vectors.shape[1])]
            owners = np.full(len(image_ids), extractor_id, dtype=np.int64)
            copy_in(connection, sql.SQL("enfilade.feature"), fields, owners, image_ids, vectors)
