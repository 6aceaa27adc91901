"""A drawn graph, published as an ingest would, in an embedded database that lasts as long as the measurement."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psycopg import sql
from sqlalchemy import Connection, Engine, func, insert, text, update

from enfilade.copying import copy_in, driver, integer, vector
from enfilade.database import open_database
from enfilade.edges import Edges
from enfilade.paths import PathGraph
from enfilade.pca import Projection
from enfilade.placing import Placer
from enfilade.queries.spaces import published_space
from enfilade.schema import current, extractor, graph, space
from enfilade.settings import Settings
from enfilade.spaces import DEFAULT_RECIPES, Space
from ingest.graphs import write_edges
from ingest.spaces import ATTACH, CREATE, INDEX, embedding_table, publish_space

__all__ = ["Scratch", "publish_again", "published_graph"]

RECIPE = replace(next(recipe for recipe in DEFAULT_RECIPES if recipe.name == "colour"), name="drawn")
"""Of a kind that needs no network, so that the server is ready without one."""

# A tenth of the images are of each genre, and a thousandth by each artist, for measurements under filters.
IMAGES = """
    INSERT INTO enfilade.image (id, sha256, phash, width, height, media_type, title, artist, genre, year_from, year_to)
    OVERRIDING SYSTEM VALUE
    SELECT id, sha256(int8send(id)), hashint8(id), 64, 48, 'image/jpeg', 'Drawn ' || id, 'Hand ' || id %% 1000,
        'Genre ' || id %% 10, 1800 + id %% 200, 1800 + id %% 200
    FROM unnest(%(ids)s::bigint[]) AS id ORDER BY id
"""
OCCURRENCES = """
    INSERT INTO enfilade.occurrence (source_uri, image_id, source, metadata, describes)
    SELECT 'drawn/' || id, id, 'drawn', '{}', true FROM unnest(%(ids)s::bigint[]) AS id ORDER BY id
"""
RENDITIONS = """
    INSERT INTO enfilade.rendition (image_id, kind, media_type, width, height, bytes)
    SELECT id, kind, 'image/jpeg', 64, 48, %(jpeg)s
    FROM unnest(%(ids)s::bigint[]) AS id CROSS JOIN (VALUES ('thumbnail'), ('preview')) AS k (kind) ORDER BY id
"""
WITHOUT_INDEX = "ALTER TABLE {table} ADD PRIMARY KEY (space_id, image_id); ANALYZE {table}"


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where a drawn graph is published: what ENFILADE_HOME and DATABASE_URL are for it, and its ids."""

    home: Path
    url: str
    engine: Engine
    space_id: int
    graph_id: int


@contextmanager
def published_graph(
    drawn: PathGraph, vectors: NDArray[np.float32], *, k: int, searchable: bool = False
) -> Iterator[Scratch]:
    """Publish a graph of n images under their own ids, which begin at 1, as the default space of a new collection.

    vectors: (n, d), rows of unit length, in the order of drawn.ids; d up to that of colour features. k: the nearest
    neighbours that were asked for. searchable: with the HNSW index. Each image has one grey picture for its files, and
    names in its columns to filter by. A graph whose ids begin at 0 is `replace(drawn, ids=drawn.ids + 1)`.
    """
    # Not in a private directory, through which root's Postgres may not pass.
    with tempfile.TemporaryDirectory(prefix="enfilade-benchmark-") as folder:
        home = Path(folder)
        with open_database(Settings(home=home)) as engine:
            with engine.begin() as connection:
                _write_images(connection, drawn.ids)
                published = _write_space(connection, drawn.ids, vectors, searchable=searchable)
                publish_space(connection, published)
                graph_id = _write_graph(connection, drawn, published, k)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (ANALYZE)"))
            url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            yield Scratch(home, url, engine, published.id, graph_id)


def publish_again(scratch: Scratch, drawn: PathGraph, *, k: int) -> int:
    """Publish the graph that was drawn once more, in one transaction, as an ingest does. Gives its id."""
    with scratch.engine.begin() as connection:
        published = published_space(connection)
        connection.execute(
            update(graph).where(graph.c.status == "published").values(status="retired", retired_at=func.now())
        )
        return _write_graph(connection, drawn, published, k)


def _write_images(connection: Connection, ids: NDArray[np.int64]) -> None:
    file = BytesIO()
    Image.new("L", (64, 48), 128).save(file, "JPEG")
    cursor = driver(connection).cursor()
    for query in (IMAGES, OCCURRENCES, RENDITIONS):
        cursor.execute(query, {"ids": ids.tolist(), "jpeg": file.getvalue()})


def _write_space(
    connection: Connection, ids: NDArray[np.int64], vectors: NDArray[np.float32], *, searchable: bool
) -> Space:
    described = _describe_space(connection, len(ids), vectors.shape[1])
    table = embedding_table(described.id)
    owner = np.full(len(ids), described.id)
    fields = [integer("space_id"), integer("image_id"), vector("vector", described.dimensions)]
    cursor = driver(connection).cursor()
    cursor.execute(sql.SQL(CREATE).format(table=table, space=described.id, dimensions=described.dimensions))
    copy_in(connection, table, fields, owner, ids, vectors)
    index = INDEX if searchable else WITHOUT_INDEX
    cursor.execute(sql.SQL(index).format(table=table, dimensions=described.dimensions))
    cursor.execute(sql.SQL(ATTACH).format(table=table, space=described.id))
    return described


def _describe_space(connection: Connection, images: int, dimensions: int) -> Space:
    """Describe a space that places an upload somewhere, if nowhere that means anything."""
    (described_by,) = RECIPE.extractors
    extractor_row = {
        "name": described_by.name,
        "recipe": described_by.recipe,
        "recipe_hash": described_by.recipe_hash,
        "dimensions": described_by.dimensions,
    }
    extractor_id = connection.execute(insert(extractor).values(extractor_row).returning(extractor.c.id)).scalar_one()
    projection = Projection(
        mean=np.zeros(described_by.dimensions),
        components=np.eye(dimensions, described_by.dimensions),
        scales=np.ones(dimensions),
        explained=np.full(dimensions, 1 / dimensions),
        fitted_on=images,
    )
    row = {
        "name": RECIPE.name,
        "version": 1,
        "extractor_ids": [extractor_id],
        "recipe": RECIPE.as_dict(),
        "recipe_hash": RECIPE.recipe_hash,
        "dimensions": dimensions,
        "fitted_on": images,
        "parameters": Placer(projection, RECIPE.whitening).to_bytes(),
        "status": "published",
    }
    space_id = connection.execute(insert(space).values(row).returning(space.c.id)).scalar_one()
    return Space(space_id, RECIPE.name, 1, dimensions, images, RECIPE.as_dict(), [extractor_id])


def _write_graph(connection: Connection, drawn: PathGraph, published: Space, k: int) -> int:
    edges = _edges(drawn)
    row = {
        "space_id": published.id,
        "k": k,
        "status": "published",
        "images": len(drawn.ids),
        "edges": len(edges),
        "components_before": 1,
        "recall": 1.0,
        "membership": sha256(drawn.ids.tobytes()).digest(),
        "published_at": func.now(),
    }
    graph_id: int = connection.execute(insert(graph).values(row).returning(graph.c.id)).scalar_one()
    write_edges(connection, graph_id, drawn.ids, edges)
    connection.execute(update(current).where(current.c.space_id == published.id).values(graph_id=graph_id))
    return graph_id


def _edges(drawn: PathGraph) -> Edges:
    """Give each edge once, by row; its ranks are not known."""
    source = np.repeat(np.arange(len(drawn.ids)), np.diff(drawn.indptr))
    once = source < drawn.indices
    ranks = np.zeros(int(once.sum()), dtype=np.int16)
    ends = source[once], drawn.indices[once].astype(np.int64)
    return Edges(*ends, drawn.weights[once], drawn.kinds[once].astype(np.int8), ranks, ranks)
