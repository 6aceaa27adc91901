"""enfilade.within_hops gives every image in reach with its least number of steps, and nothing that was removed."""

import numpy as np
import pytest
from drawn_graphs import drawn
from numpy.typing import NDArray
from published_graphs import publish
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from enfilade.paths import PathGraph
from enfilade.queries.graphs import load_graph
from enfilade.queries.spaces import published_graphs


def hops_from(graph: PathGraph, image_id: int) -> NDArray[np.float64]:
    """Count the least steps from an image to each row: (n,), infinite where there is no way."""
    ones = np.ones(len(graph.indices))
    steps: NDArray[np.float64] = shortest_path(
        csr_array((ones, graph.indices, graph.indptr)), unweighted=True, indices=graph.node(image_id)
    )
    return steps


def within(connection: Connection, image_id: int, hops: int, space: str | None = None) -> dict[int, int]:
    query = text("SELECT neighbour_id, steps FROM enfilade.within_hops(:image_id, :hops, :space)")
    rows = connection.execute(query, {"image_id": image_id, "hops": hops, "space": space}).all()
    assert [tuple(row) for row in rows] == sorted(map(tuple, rows), key=lambda row: (row[1], row[0]))
    found = {row.neighbour_id: row.steps for row in rows}
    assert len(found) == len(rows)
    return found


def check_reach(connection: Connection, graph: PathGraph, image_id: int, hops: int, space: str | None = None) -> None:
    steps = hops_from(graph, image_id)
    in_reach = (steps > 0) & (steps <= hops)
    expected = dict(zip(graph.ids[in_reach].tolist(), steps[in_reach].astype(int).tolist(), strict=True))
    assert within(connection, image_id, hops, space) == expected


def test_reach_is_that_of_a_breadth_first_search_in_every_space(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        for published in published_graphs(connection):
            graph = load_graph(connection, published.graph_id or 0)
            for image_id in (1, 400, 832):
                for hops in (0, 1, 2, 3, 100):
                    check_reach(connection, graph, image_id, hops, published.space_name)


def test_reach_in_drawn_graphs_is_that_of_a_breadth_first_search(engine: Engine) -> None:
    for seed in range(6):
        graph, _ = drawn(seed, duplicates=seed % 2 == 1, most=40, k=2)
        with engine.connect() as connection:
            publish(connection, graph)
            for image_id in graph.ids.tolist():
                check_reach(connection, graph, image_id, 3)


def test_removed_images_are_neither_shown_nor_walked_through(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        first = [image_id for image_id, steps in within(connection, 1, 1).items() if steps == 1]
        hide = text("UPDATE enfilade.image SET hidden_at = now() WHERE id = ANY (:ids)")
        connection.execute(hide, {"ids": first[:-1]})
        default = next(space for space in published_graphs(connection) if space.is_default)
        graph = load_graph(connection, default.graph_id or 0)
        for hops in (1, 2, 3, 100):
            check_reach(connection, graph, 1, hops)
        connection.execute(hide, {"ids": first})
        assert within(connection, 1, 100) == {}


def test_a_transaction_that_only_reads_may_look_around(demo_engine: Engine) -> None:
    with demo_engine.connect().execution_options(postgresql_readonly=True) as connection:
        assert within(connection, 1, 2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("1, 2, 'smell'", "No space named smell is published"),
        ("12345, 2", "No image has the id 12345"),
        ("3, 2", "No image has the id 3"),
        ("2, 2", "The image 2 is in no edge of this space's graph: it came later, or is the only one"),
        ("1, -1", "hops must be 0 or more, not -1"),
        ("1, NULL", "hops must be 0 or more, not <NULL>"),
    ],
    ids=["space", "unknown", "removed", "late", "negative", "none"],
)
def test_what_makes_no_sense_is_named(demo_engine: Engine, arguments: str, told: str) -> None:
    with demo_engine.connect() as connection:
        connection.execute(text("DELETE FROM enfilade.edge WHERE 2 IN (source, target)"))
        connection.execute(text("UPDATE enfilade.image SET hidden_at = now() WHERE id = 3"))
        with pytest.raises(ProgrammingError, match=told):
            connection.execute(text(f"SELECT * FROM enfilade.within_hops({arguments})"))


def test_a_time_limit_ends_it(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 30"))
        with pytest.raises(OperationalError, match="statement timeout"):
            connection.execute(
                text("SELECT count(*) FROM enfilade.picture AS p CROSS JOIN LATERAL enfilade.within_hops(p.id, 100)")
            )
