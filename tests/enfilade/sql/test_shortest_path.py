"""enfilade.shortest_path gives a least path, over edges, around what was removed, in a transaction that only reads."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from drawn_graphs import drawn
from published_graphs import publish
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from enfilade.paths import Path, PathGraph, shortest_path
from enfilade.queries.graphs import load_graph
from enfilade.queries.spaces import published_graphs

WALKS = """
    SELECT array_agg(p.image_id ORDER BY p.step) AS images, array_agg(p.distance ORDER BY p.step) AS distances,
        array_agg(p.step ORDER BY p.step) AS steps
    FROM unnest((:sources)::bigint[], (:targets)::bigint[]) WITH ORDINALITY AS w (source, target, number)
    CROSS JOIN LATERAL enfilade.shortest_path(w.source, w.target, :space) AS p
    GROUP BY w.number ORDER BY w.number
"""


def walk(connection: Connection, pairs: Sequence[Sequence[int]], space: str | None = None) -> list[Path]:
    sources, targets = ([int(pair[end]) for pair in pairs] for end in (0, 1))
    rows = connection.execute(text(WALKS), {"sources": sources, "targets": targets, "space": space}).all()
    for (source, target), row in zip(pairs, rows, strict=True):
        assert row.steps == list(range(len(row.images)))
        assert (row.images[0], row.images[-1], row.distances[0]) == (source, target, 0)
    return [Path(tuple(row.images), tuple(row.distances[1:])) for row in rows]


def random_pairs(seed: int, graph: PathGraph, count: int) -> list[list[int]]:
    pairs: list[list[int]] = np.random.default_rng(seed).choice(graph.ids, size=(count, 2)).tolist()
    return pairs


def edges_of(graph: PathGraph) -> dict[tuple[int, int], float]:
    ends = np.repeat(graph.ids, np.diff(graph.indptr)).tolist(), graph.ids[graph.indices].tolist()
    return dict(zip(zip(*ends, strict=True), graph.weights.tolist(), strict=True))


def check_least(graph: PathGraph, paths: Sequence[Path]) -> None:
    edges = edges_of(graph)
    for path in paths:
        assert path.distances == tuple(edges[step] for step in pairwise(path.images))
        assert len(set(path.images)) == len(path.images)
        assert path.length == pytest.approx(shortest_path(graph, path.images[0], path.images[-1]).length, abs=1e-9)


def test_sql_and_in_process_paths_are_equally_short_in_every_space(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        for published in published_graphs(connection):
            assert published.graph_id is not None
            graph = load_graph(connection, published.graph_id)
            check_least(graph, walk(connection, random_pairs(0, graph, 200), published.space_name))


@pytest.mark.parametrize("duplicates", [False, True])
def test_every_pair_of_a_drawn_graph_has_its_least_path(engine: Engine, duplicates: bool) -> None:  # noqa: FBT001
    for seed in range(8):
        graph, _ = drawn(seed, duplicates=duplicates, most=24, k=2)
        with engine.connect() as connection:
            publish(connection, graph)
            pairs = [[int(one), int(other)] for one in graph.ids for other in graph.ids]
            check_least(graph, walk(connection, pairs))


def test_the_default_space_is_walked_where_none_is_named(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        default = next(space.space_name for space in published_graphs(connection) if space.is_default)
        assert walk(connection, [[1, 800]]) == walk(connection, [[1, 800]], default)


def test_removed_images_are_walked_around(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        (before,) = walk(connection, [[1, 800]])
        remove(connection, before.images[1:-1])
        default = next(space for space in published_graphs(connection) if space.is_default)
        graph = load_graph(connection, default.graph_id or 0)
        around = walk(connection, [[1, 800], *random_pairs(1, graph, 50)])
        assert around[0].length > before.length
        check_least(graph, around)  # and an image that was removed is in none of its edges


def test_where_removed_images_leave_no_way_it_says_so(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        remove(connection, list(connection.scalars(text("SELECT neighbour_id FROM enfilade.link WHERE image_id = 1"))))
        with pytest.raises(ProgrammingError, match="Nothing joins the images 1 and 800, now that others were removed"):
            walk(connection, [[1, 800]])


def test_a_transaction_that_only_reads_may_walk(demo_engine: Engine) -> None:
    with demo_engine.connect().execution_options(postgresql_readonly=True) as connection:
        assert connection.scalar(text("SHOW transaction_read_only")) == "on"
        assert walk(connection, [[1, 800]])


def test_a_parallel_worker_may_walk(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        expected = walk(connection, [[1, 800]])
        connection.execute(text("SET LOCAL debug_parallel_query = on"))
        plan = connection.scalars(text("EXPLAIN SELECT * FROM enfilade.shortest_path(1, 800)")).all()
        assert "Gather" in plan[0]
        assert walk(connection, [[1, 800]]) == expected


def test_from_an_image_to_itself_no_step_is_needed(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        assert walk(connection, [[7, 7]]) == [Path((7,), ())]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("1, 800, 'smell'", "No space named smell is published"),
        ("1, 12345", "No image has the id 12345"),
        ("12345, 12345", "No image has the id 12345"),
        ("NULL, 1", "No image has the id <NULL>"),
        ("3, 1", "No image has the id 3"),
        ("1, 2", "The image 2 is in no edge of this space's graph: it came later, or is the only one"),
    ],
    ids=["space", "unknown", "unknown twice", "none", "removed", "late"],
)
def test_what_cannot_be_walked_is_named(demo_engine: Engine, arguments: str, told: str) -> None:
    with demo_engine.connect() as connection:
        connection.execute(text("DELETE FROM enfilade.edge WHERE 2 IN (source, target)"))
        remove(connection, [3])
        with pytest.raises(ProgrammingError, match=told):
            connection.execute(text(f"SELECT * FROM enfilade.shortest_path({arguments})"))


def test_before_anything_is_published_it_says_so(engine: Engine) -> None:
    with (
        engine.connect() as connection,
        pytest.raises(ProgrammingError, match=r"No space named \(default\) is published"),
    ):
        connection.execute(text("SELECT * FROM enfilade.shortest_path(1, 2)"))


def test_a_time_limit_ends_it(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 30"))
        with pytest.raises(OperationalError, match="statement timeout"):
            walk(connection, [[1, 800]] * 10_000)


def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Hide images until the connection is closed."""
    connection.execute(text("UPDATE enfilade.image SET hidden_at = now() WHERE id = ANY (:ids)"), {"ids": list(ids)})
