"""Neighbours by HNSW are the true ones, use the index, and are never starved by a filter."""

import numpy as np
import pytest
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import ClauseElement, Connection, Engine, Executable, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from enfilade.copying import copy_out, integer, vector, whole
from enfilade.errors import EmptyCollectionError, UnknownImageError, UnknownSpaceError
from enfilade.knn import angles_between
from enfilade.queries.images import Filters, find_images
from enfilade.queries.neighbours import _query, image_vector, nearest, neighbours
from enfilade.queries.spaces import published_space
from enfilade.schema import image
from enfilade.spaces import Space


class Explain(Executable, ClauseElement):
    """EXPLAIN of a statement, its parameters bound as the statement binds them."""

    inherit_cache = False

    def __init__(self, statement: ClauseElement) -> None:
        self.statement = statement


@compiles(Explain)
def _explain(element: Explain, compiler: SQLCompiler, **options: object) -> str:
    return f"EXPLAIN {compiler.process(element.statement, **options)}"


def places(connection: Connection, space: Space) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    fields = [integer("image_id"), vector("vector", space.dimensions)]
    query = sql.SQL("SELECT image_id, vector FROM enfilade.embedding WHERE space_id = {}").format(space.id)
    columns = whole(copy_out(connection, query, fields), fields)
    return columns["image_id"], columns["vector"]


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_neighbours_are_the_true_ones_at_their_true_distances(demo_engine: Engine, limit: int) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        ids, vectors = places(connection, space)
        found_in_all = 0
        for image_id in range(1, 832, 64):
            angles = angles_between(vectors, vectors[ids == image_id])
            truth = ids[np.argsort(angles, kind="stable")][1 : limit + 1]
            found = neighbours(connection, space, image_id, limit=limit)
            assert len(found) == limit
            assert [one.distance for one in found] == sorted(one.distance for one in found)
            exact = [angles[ids == one.image_id][0] for one in found]
            np.testing.assert_allclose([one.distance for one in found], exact, atol=1e-5)
            found_in_all += len(set(truth) & {one.image_id for one in found})
        assert found_in_all >= 0.98 * 13 * limit


def test_the_index_of_the_space_is_used(demo_engine: Engine) -> None:
    with demo_engine.begin() as connection:
        space = published_space(connection)
        place = image_vector(connection, space, 1)
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # 832 rows alone would not be worth an index
        query = Explain(_query(space, Filters(), None, indexed=True))
        plan = "\n".join(connection.scalars(query, {"place": place, "limit": 5}))
    assert f"Index Scan using embedding_{space.id}_vector_idx" in plan


def test_a_filter_never_starves_an_answer(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        artists = connection.scalars(select(image.c.artist).distinct().order_by(image.c.artist)).all()
        for artist in artists[::8]:
            found = neighbours(connection, space, 1, limit=20, filters=Filters(artist=artist))
            assert len(found) == 20
            images = find_images(connection, [one.image_id for one in found])
            assert {one.artist for one in images.values()} == {artist}


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        (Filters(year_from=1900, year_to=1905), "year_from BETWEEN 1900 AND 1905"),
        (Filters(genre="landscape"), "genre = 'landscape'"),
        (Filters(attributes={"hand": "wen-ashgrove"}), "attributes ->> 'hand' = 'wen-ashgrove'"),
        (Filters(style="no such style"), "false"),
    ],
)
def test_filters_let_through_just_what_they_say(demo_engine: Engine, filters: Filters, holds: str) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        place = image_vector(connection, space, 1)
        found = {one.image_id for one in nearest(connection, space, place, limit=1000, filters=filters)}
        assert found == set(connection.scalars(text(f"SELECT id FROM enfilade.image WHERE {holds}")))


def test_the_sql_function_agrees(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        for image_id in (1, 400, 832):
            expected = neighbours(connection, space, image_id, limit=50)
            rows = connection.execute(text("SELECT * FROM enfilade.neighbours(:id, 50)"), {"id": image_id}).all()
            assert [row.rank for row in rows] == list(range(1, 51))
            same = {row.neighbour_id for row in rows} & {one.image_id for one in expected}
            assert len(same) >= 48  # two HNSW scans of different width may differ at the end
            assert [row.distance for row in rows] == pytest.approx([one.distance for one in expected], abs=0.02)


def test_the_graph_seen_from_both_ends_is_the_graph(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        counts = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM enfilade.link), "
                "(SELECT count(*) FROM enfilade.edge JOIN enfilade.current AS c USING (graph_id) WHERE c.is_default), "
                "(SELECT count(DISTINCT image_id) FROM enfilade.link), (SELECT count(*) FROM enfilade.picture)"
            )
        ).one()
        assert counts[0] == 2 * counts[1]
        assert counts[2] == counts[3] == 832


def test_what_is_unknown_is_named(demo_engine: Engine, engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        with pytest.raises(UnknownImageError, match="12345"):
            neighbours(connection, space, 12345)
        with pytest.raises(UnknownSpaceError, match=r"'smell'.*content"):
            published_space(connection, "smell")
    with engine.connect() as connection, pytest.raises(EmptyCollectionError, match="enfilade ingest"):
        published_space(connection)
