"""Read the features of a space's parts, image by image, and fit to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection

from enfilade.copying import copy_out, halfvec, integer
from enfilade.pca import PrincipalComponents
from enfilade.placing import Placer
from enfilade.spaces import SpaceRecipe, join_parts
from ingest.conditions import train_condition
from ingest.progress import Reporter

__all__ = ["NONE", "Features", "fit", "read_features"]

# Ordered by hash, so that a fit does not depend on the order in which the pictures came.
FEATURES = """
    SELECT i.id, {vectors} FROM enfilade.image AS i {features}
    WHERE i.hidden_at IS NULL AND NOT EXISTS (
        SELECT FROM enfilade.embedding AS e WHERE e.space_id = {without} AND e.image_id = i.id)
    ORDER BY i.sha256
"""
FEATURE = """
    JOIN enfilade.feature AS {name} ON {name}.image_id = i.id AND {name}.extractor_id = {extractor}
"""
NONE = 0
"""The id of no space, and of no extractor."""


@dataclass(frozen=True, slots=True)
class Features:
    """Some images and the features of each part: (n,), and (n, d) for each."""

    image_ids: NDArray[np.int64]
    parts: Sequence[NDArray[np.float32]]


def read_features(
    connection: Connection, recipe: SpaceRecipe, extractor_ids: Sequence[int], *, without: int = NONE
) -> Iterator[Features]:
    """Read the features of the images that are shown, in blocks; those placed in the space `without` are left out."""
    names = [f"f{position}" for position in range(len(extractor_ids))]
    joins = [
        sql.SQL(FEATURE).format(name=sql.Identifier(name), extractor=extractor_id)
        for name, extractor_id in zip(names, extractor_ids, strict=True)
    ]
    query = sql.SQL(FEATURES).format(
        vectors=sql.SQL(", ").join(sql.Identifier(name, "vector") for name in names),
        features=sql.SQL(" ").join(joins),
        without=without,
    )
    widths = [extractor.dimensions for extractor in recipe.extractors]
    fields = [integer("image_id"), *(halfvec(name, width) for name, width in zip(names, widths, strict=True))]
    for block in copy_out(connection, query, fields):
        yield Features(block["image_id"], [block[name].astype(np.float32) for name in names])


def fit(connection: Connection, recipe: SpaceRecipe, extractor_ids: Sequence[int], reporter: Reporter) -> Placer:
    """Fit a space of this recipe to the images that are shown, and train its head where it has a condition.

    Raises TooFewImagesError when there are none, TooFewLabelsError.
    """
    components = PrincipalComponents(sum(extractor.dimensions for extractor in recipe.extractors))
    parts = recipe.as_dict()["parts"]
    with reporter.stage(f"Fit {recipe.name}"):
        for block in read_features(connection, recipe, extractor_ids):
            components.add(join_parts(parts, block.parts))
        placer = Placer(components.fit(recipe.dimensions), recipe.whitening)
    if recipe.condition is None:
        return placer
    blocks = read_features(connection, recipe, extractor_ids)
    placed = [(block.image_ids, placer.place(join_parts(parts, block.parts))) for block in blocks]
    image_ids, coordinates = (np.concatenate(columns) for columns in zip(*placed, strict=True))
    return replace(placer, trained=train_condition(connection, recipe.condition, image_ids, coordinates, reporter))
