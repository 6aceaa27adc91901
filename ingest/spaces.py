"""The second stage: features -> spaces. A space is fitted once; images that come later are projected by it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from psycopg import sql
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from enfilade.copying import copy_in, driver, integer, vector
from enfilade.errors import TooFewLabelsError
from enfilade.placing import Placer
from enfilade.queries.images import count_images
from enfilade.queries.spaces import load_placer, published_space
from enfilade.schema import current, image, space
from enfilade.spaces import Space, SpaceRecipe
from ingest.fitting import Features, fit, read_features
from ingest.progress import Reporter

__all__ = ["bring_space_up_to_date", "embedding_table", "publish_space"]

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
    reading: Connection,
    writing: Connection,
    recipe: SpaceRecipe,
    extractor_ids: Sequence[int],
    reporter: Reporter,
    *,
    anew: bool = False,
) -> Space | None:
    """Publish a space of this recipe that places every image; harmless to repeat. None before the first image.

    In the transaction of `writing`, so that a new version and its graph are read at the same moment; `reading` streams
    the features meanwhile.

    A new version is fitted when one is wanted `anew`; when the recipe has changed; when the published one has fewer
    dimensions than the recipe asks for only because it was fitted on too few images; or when most of those images have
    been removed.
    """
    published = _published(writing, recipe.name)
    images = count_images(writing)
    if not images:
        return published
    if published is None or anew:
        return _build(reading, writing, recipe, extractor_ids, reporter)
    if _is_stale(writing, published, recipe, images):
        try:
            return _build(reading, writing, recipe, extractor_ids, reporter)
        except TooFewLabelsError:  # before anything was written
            reporter.say(f"{recipe.name} can't be trained anew: too few images have its label. It stays as it was.")
    place_missing(reading, writing, published, recipe, reporter)
    return published


def place_missing(
    reading: Connection, writing: Connection, placed: Space, recipe: SpaceRecipe, reporter: Reporter
) -> None:
    """Place the images that came since a space was fitted, by what was fitted."""
    with reporter.stage(f"Embed {placed.name}"):
        cursor = driver(writing).cursor()
        cursor.execute("DROP TABLE IF EXISTS staged_embedding")
        cursor.execute(STAGED)
        placer = load_placer(writing, placed)
        for block in read_features(reading, recipe, placed.extractor_ids, without=placed.id):
            _append(writing, sql.Identifier("staged_embedding"), placed, placer, block)
        cursor.execute("INSERT INTO enfilade.embedding SELECT * FROM staged_embedding ON CONFLICT DO NOTHING")


def publish_space(connection: Connection, chosen: Space) -> None:
    """Make it the version of its name that is read, without a graph yet, and retire the one before."""
    others = update(space).where(space.c.name == chosen.name, space.c.id != chosen.id, space.c.status == "published")
    connection.execute(others.values(status="retired", retired_at=func.now()))
    connection.execute(update(space).where(space.c.id == chosen.id).values(status="published", retired_at=None))
    first = connection.scalar(select(func.count()).select_from(current)) == 0
    row = upsert(current).values(space_name=chosen.name, space_id=chosen.id, is_default=first)
    connection.execute(
        row.on_conflict_do_update(index_elements=["space_name"], set_={"space_id": chosen.id, "graph_id": None})
    )


def _published(connection: Connection, name: str) -> Space | None:
    if connection.scalar(select(current.c.space_id).where(current.c.space_name == name)) is None:
        return None
    return published_space(connection, name)


def _is_stale(connection: Connection, published: Space, recipe: SpaceRecipe, images: int) -> bool:
    fitted_on = published.fitted_on
    wanted = min(recipe.dimensions, sum(extractor.dimensions for extractor in recipe.extractors))
    starved = published.dimensions < wanted and published.dimensions >= fitted_on - 1 and images > fitted_on
    seen_by_fit = select(func.count()).select_from(image).join(space, image.c.ingested_at <= space.c.created_at)
    remaining = connection.scalar(seen_by_fit.where(space.c.id == published.id, image.c.hidden_at.is_(None))) or 0
    replaced = remaining < fitted_on / 2
    return recipe.as_dict() != published.recipe or starved or replaced


def _build(
    reading: Connection,
    writing: Connection,
    recipe: SpaceRecipe,
    extractor_ids: Sequence[int],
    reporter: Reporter,
) -> Space:
    """Fit, embed, index and attach; nothing that is read is locked."""
    placer = fit(reading, recipe, extractor_ids, reporter)
    with reporter.stage(f"Embed {recipe.name}"):
        built = _describe(writing, recipe, extractor_ids, placer)
        table = embedding_table(built.id)
        cursor = driver(writing).cursor()
        cursor.execute(sql.SQL(CREATE).format(table=table, space=built.id, dimensions=built.dimensions))
        for block in read_features(reading, recipe, extractor_ids):
            _append(writing, table, built, placer, block)
        cursor.execute(sql.SQL(INDEX).format(table=table, dimensions=built.dimensions))
        cursor.execute(sql.SQL(ATTACH).format(table=table, space=built.id))
        publish_space(writing, built)
    return built


def _describe(connection: Connection, recipe: SpaceRecipe, extractor_ids: Sequence[int], placer: Placer) -> Space:
    latest = connection.scalar(select(func.max(space.c.version)).where(space.c.name == recipe.name)) or 0
    built = Space(
        id=0,
        name=recipe.name,
        version=latest + 1,
        dimensions=placer.dimensions,
        fitted_on=placer.projection.fitted_on,
        recipe=recipe.as_dict(),
        extractor_ids=extractor_ids,
    )
    row = {
        "name": built.name,
        "version": built.version,
        "dimensions": built.dimensions,
        "extractor_ids": list(built.extractor_ids),
        "recipe": built.recipe,
        "recipe_hash": recipe.recipe_hash,
        "fitted_on": built.fitted_on,
        "parameters": placer.to_bytes(),
        "status": "published",
    }
    space_id = connection.execute(insert(space).values(row).returning(space.c.id)).scalar_one()
    return replace(built, id=space_id)


def _append(connection: Connection, table: sql.Composable, to: Space, placer: Placer, block: Features) -> None:
    owner = np.full(len(block.image_ids), to.id, dtype=np.int64)
    fields = [integer("space_id"), integer("image_id"), vector("vector", to.dimensions)]
    copy_in(connection, table, fields, owner, block.image_ids, to.place(placer, block.parts))
