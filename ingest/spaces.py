"""The second stage: features -> spaces. A space is fitted once; images that come later are projected by it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from enfilade.copying import copy_in, copy_out, driver, halfvec, integer, vector
from enfilade.pca import PrincipalComponents, Projection
from enfilade.queries.images import count_images
from enfilade.queries.spaces import load_projection, published_space
from enfilade.schema import current, image, space
from enfilade.spaces import Space, SpaceRecipe
from ingest.progress import Reporter

__all__ = ["bring_space_up_to_date", "embedding_table"]

# Ordered by hash, so that a fit does not depend on the order in which the pictures came.
FEATURES = """
    SELECT f.image_id, f.vector FROM enfilade.feature AS f JOIN enfilade.image AS i ON i.id = f.image_id
    WHERE f.extractor_id = {extractor} AND i.hidden_at IS NULL
    ORDER BY i.sha256
"""
MISSING = """
    SELECT f.image_id, f.vector FROM enfilade.feature AS f JOIN enfilade.image AS i ON i.id = f.image_id
    WHERE f.extractor_id = {extractor} AND i.hidden_at IS NULL AND NOT EXISTS (
        SELECT FROM enfilade.embedding AS e WHERE e.space_id = {space} AND e.image_id = f.image_id)
    ORDER BY i.sha256
"""
# The constraints let ATTACH trust the table without reading it (the PostgreSQL manual, ALTER TABLE).
CREATE = """
    CREATE TABLE {table} (LIKE enfilade.embedding INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMMENTS,
        CHECK (space_id = {space}), CHECK (vector_dims(vector) = {dimensions}))
"""
INDEX = """
    ALTER TABLE {table} ADD PRIMARY KEY (space_id, image_id);
    CREATE INDEX ON {table} USING hnsw ((vector::vector({dimensions})) vector_cosine_ops)
        WITH (m = 16, ef_construction = 128);
    ANALYZE {table}
"""
ATTACH = "ALTER TABLE enfilade.embedding ATTACH PARTITION {table} FOR VALUES IN ({space})"
STAGED = "CREATE TEMPORARY TABLE staged_embedding (LIKE enfilade.embedding) ON COMMIT DROP"


def embedding_table(space_id: int) -> sql.Identifier:
    """Name the partition of `embedding` that holds one space."""
    return sql.Identifier("enfilade", f"embedding_{space_id}")


def bring_space_up_to_date(
    reading: Connection, writing: Connection, recipe: SpaceRecipe, extractor_id: int, reporter: Reporter
) -> Space | None:
    """Publish a space of this recipe that places every image; harmless to repeat. None before the first image.

    In the transaction of `writing`, so that a new version and its graph are read at the same moment; `reading` streams
    the features meanwhile.

    A new version is fitted when the recipe has changed; when the published one has fewer dimensions than the recipe
    asks for only because it was fitted on too few images; or when most of those images have been removed.
    """
    published = _published(writing, recipe.name)
    images = count_images(writing)
    if not images:
        return published
    if published is None or _is_stale(writing, published, recipe, images):
        return _build(reading, writing, recipe, extractor_id, reporter)
    _project_missing(reading, writing, published, recipe, reporter)
    return published


def _published(connection: Connection, name: str) -> Space | None:
    if connection.scalar(select(current.c.space_id).where(current.c.space_name == name)) is None:
        return None
    return published_space(connection, name)


def _is_stale(connection: Connection, published: Space, recipe: SpaceRecipe, images: int) -> bool:
    fitted_on = published.fitted_on
    wanted = min(recipe.dimensions, recipe.extractor.dimensions)
    starved = published.dimensions < wanted and published.dimensions >= fitted_on - 1 and images > fitted_on
    seen_by_fit = select(func.count()).select_from(image).join(space, image.c.ingested_at <= space.c.created_at)
    remaining = connection.scalar(seen_by_fit.where(space.c.id == published.id, image.c.hidden_at.is_(None))) or 0
    replaced = remaining < fitted_on / 2
    return recipe.as_dict() != published.recipe or starved or replaced


def _build(
    reading: Connection, writing: Connection, recipe: SpaceRecipe, extractor_id: int, reporter: Reporter
) -> Space:
    """Fit, embed, index and attach; nothing that is read is locked."""
    with reporter.stage(f"Fit {recipe.name}"):
        fit = PrincipalComponents(recipe.extractor.dimensions)
        for block in _features(reading, FEATURES, recipe, extractor_id):
            fit.add(block["vector"])
        projection = fit.fit(recipe.dimensions)
    with reporter.stage(f"Embed {recipe.name}"):
        built = _describe(writing, recipe, extractor_id, projection)
        table = embedding_table(built.id)
        cursor = driver(writing).cursor()
        cursor.execute(sql.SQL(CREATE).format(table=table, space=built.id, dimensions=built.dimensions))
        for block in _features(reading, FEATURES, recipe, extractor_id):
            _append(writing, table, built, projection, block)
        cursor.execute(sql.SQL(INDEX).format(table=table, dimensions=built.dimensions))
        cursor.execute(sql.SQL(ATTACH).format(table=table, space=built.id))
        _publish(writing, built)
    return built


def _features(
    connection: Connection, query: str, recipe: SpaceRecipe, extractor_id: int, space_id: int = 0
) -> Iterator[dict[str, NDArray[Any]]]:
    filled = sql.SQL(query).format(extractor=extractor_id, space=space_id)
    return copy_out(connection, filled, [integer("image_id"), halfvec("vector", recipe.extractor.dimensions)])


def _describe(connection: Connection, recipe: SpaceRecipe, extractor_id: int, projection: Projection) -> Space:
    latest = connection.scalar(select(func.max(space.c.version)).where(space.c.name == recipe.name)) or 0
    built = Space(
        id=0,
        name=recipe.name,
        version=latest + 1,
        dimensions=len(projection.scales),
        fitted_on=projection.fitted_on,
        extractor_id=extractor_id,
        recipe=recipe.as_dict(),
    )
    row = {
        "name": built.name,
        "version": built.version,
        "dimensions": built.dimensions,
        "extractor_id": built.extractor_id,
        "recipe": built.recipe,
        "recipe_hash": recipe.recipe_hash,
        "fitted_on": built.fitted_on,
        "parameters": projection.to_bytes(),
        "status": "published",
    }
    space_id = connection.execute(insert(space).values(row).returning(space.c.id)).scalar_one()
    return replace(built, id=space_id)


def _append(
    connection: Connection, table: sql.Composable, to: Space, projection: Projection, block: dict[str, NDArray[Any]]
) -> None:
    owner = np.full(len(block["image_id"]), to.id, dtype=np.int64)
    fields = [integer("space_id"), integer("image_id"), vector("vector", to.dimensions)]
    copy_in(connection, table, fields, owner, block["image_id"], to.place(projection, block["vector"]))


def _publish(connection: Connection, built: Space) -> None:
    """Make it the version of its name that is read, without a graph yet, and retire the one before."""
    retired = update(space).where(space.c.name == built.name, space.c.id != built.id, space.c.status == "published")
    connection.execute(retired.values(status="retired"))
    first = connection.scalar(select(func.count()).select_from(current)) == 0
    row = upsert(current).values(space_name=built.name, space_id=built.id, is_default=first)
    connection.execute(
        row.on_conflict_do_update(index_elements=["space_name"], set_={"space_id": built.id, "graph_id": None})
    )


def _project_missing(
    reading: Connection, writing: Connection, published: Space, recipe: SpaceRecipe, reporter: Reporter
) -> None:
    """Place the images that came since, by the projection that was fitted."""
    with reporter.stage(f"Embed {published.name}"):
        cursor = driver(writing).cursor()
        cursor.execute(STAGED)
        projection = load_projection(writing, published)
        for block in _features(reading, MISSING, recipe, published.extractor_id, published.id):
            _append(writing, sql.Identifier("staged_embedding"), published, projection, block)
        cursor.execute("INSERT INTO enfilade.embedding SELECT * FROM staged_embedding ON CONFLICT DO NOTHING")
