"""Walks over the published graph, over older ones, and while things change."""

import math
from itertools import pairwise
from pathlib import Path
from unittest.mock import ANY

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from enfilade.queries.paths import find_path
from enfilade.schema import current, graph
from ingest.pipeline import ingest, publish
from ingest.progress import Reporter
from ingest.removal import hide, show
from ingest.sources import open_source
from ingest.studio import catalogue, paint


def test_a_path_is_what_the_core_finds(client: FlaskClient, demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        for source, target in ((1, 832), (832, 1), (17, 400), (5, 5)):
            found = find_path(connection, source, target)
            answer = client.get(f"/api/v1/paths?source={source}&target={target}").get_json()
            (path,) = answer["paths"]
            assert [one["id"] for one in path["images"]] == list(found.path.images)
            assert path["steps"] == [step.as_dict() | {"distance": ANY} for step in found.steps]
            assert [step["distance"] for step in path["steps"]] == list(found.path.distances)
            assert (path["length"], path["worst_step"]) == (found.path.length, found.path.worst_step)
            assert answer["graph"] == found.graph_id


def test_workers_share_what_one_wrote(client: FlaskClient, home: Path) -> None:
    client.get("/api/v1/paths?source=1&target=832")
    assert sorted(path.name for path in next((home / "graphs").iterdir()).iterdir()) == [
        "ids.npy", "indices.npy", "indptr.npy", "kinds.npy", "weights.npy",
    ]  # fmt: skip


def test_a_damaged_file_is_written_again(app: Flask, home: Path, demo_engine: Engine) -> None:
    from enfilade.settings import ServerSettings  # noqa: PLC0415
    from server.app import create_app  # noqa: PLC0415

    whole = app.test_client().get("/api/v1/paths?source=1&target=832").get_json()
    for folder in (home / "graphs").iterdir():
        (folder / "weights.npy").unlink()  # others have it mapped: it must not shrink under them
        (folder / "weights.npy").touch()
    other = create_app(demo_engine, home, ServerSettings()).test_client()
    assert other.get("/api/v1/paths?source=1&target=832").get_json() == whole


@pytest.fixture
def grow(collection: Engine, home: Path, reporter: Reporter, tmp_path: Path) -> object:
    """Ingest one more picture, and so publish another graph."""
    spare = iter(work for work in catalogue() if work.index == 9)

    def run() -> None:
        work = next(spare)
        folder = tmp_path / work.hand
        folder.mkdir()
        paint(work).save(folder / work.file)
        ingest(collection, open_source(folder), home, reporter)

    return run


def walk(client: FlaskClient, source: int, target: int, **more: object) -> tuple[int, dict[str, object]]:
    answer = client.get("/api/v1/paths", query_string={"source": source, "target": target, **more})
    return answer.status_code, answer.get_json()


def test_a_new_graph_counts_at_once_and_old_ones_stay_until_dropped(own_app: Flask, grow: object) -> None:
    client = own_app.test_client()
    _, first = walk(client, 1, 48)
    links = [first["graph"]]
    for _ in range(3):
        grow()  # type: ignore[operator]
        status, latest = walk(client, 1, 48)
        assert status == 200
        assert latest["graph"] not in links
        links.append(latest["graph"])
    assert walk(client, 1, 49)[0] == 200
    for link in links[1:]:
        status, answer = walk(client, 1, 48, graph=link)
        assert (status, answer["graph"]) == (200, link)
    status, problem = walk(client, 1, 48, graph=links[0])
    assert (status, problem["type"]) == (410, "/problems/dropped-graph")
    status, problem = walk(client, 1, 49, graph=links[1] if links[1] != links[0] else links[0])
    assert status == 200
    status, problem = walk(client, 1, 51, graph=links[1])
    assert (status, problem["type"]) == (409, "/problems/unplaced-image")


def test_a_retired_graph_that_nobody_has_open_is_read_from_its_partition(
    own_app: Flask, grow: object, collection: Engine, home: Path
) -> None:
    from enfilade.settings import ServerSettings  # noqa: PLC0415
    from server.app import create_app  # noqa: PLC0415

    _, first = walk(own_app.test_client(), 1, 48)
    grow()  # type: ignore[operator]
    other = create_app(collection, home / "elsewhere", ServerSettings()).test_client()
    assert walk(other, 1, 48, graph=first["graph"]) == (200, first)


def test_an_unknown_graph_is_a_problem(client: FlaskClient) -> None:
    status, problem = walk(client, 1, 2, graph=987654)
    assert (status, problem["type"]) == (404, "/problems/unknown-graph")
    status, problem = walk(client, 1, 2, space="nowhere")
    assert (status, problem["type"]) == (404, "/problems/unknown-space")


def test_a_walk_steps_over_what_was_removed_until_a_new_graph_is_published(
    own_app: Flask, collection: Engine, home: Path, reporter: Reporter
) -> None:
    client = own_app.test_client()
    before = next(
        answer for target in range(48, 1, -1) if len((answer := walk(client, 1, target)[1])["paths"][0]["images"]) > 4
    )
    ids = [one["id"] for one in before["paths"][0]["images"]]
    removed = ids[1:3]
    with collection.begin() as connection:
        hide(connection, removed)
    status, answer = walk(client, ids[0], ids[-1])
    path = answer["paths"][0]
    assert status == 200
    assert [one["id"] for one in path["images"]] == [ids[0], *ids[3:]]
    assert [(step["source"], step["target"]) for step in path["steps"]] == list(pairwise([ids[0], *ids[3:]]))
    assert path["steps"][0]["kind"] == "bridge"
    assert math.isclose(path["length"], sum(step["distance"] for step in path["steps"]), abs_tol=1e-9)
    status, problem = walk(client, ids[0], ids[-1], graph=before["graph"])
    assert (status, problem["type"]) == (410, "/problems/broken-link")
    status, problem = walk(client, ids[0], removed[0])
    assert (status, problem["type"]) == (410, "/problems/removed-image")
    publish(collection, home, reporter)
    status, after = walk(client, ids[0], ids[-1])
    assert status == 200
    assert not set(removed) & {one["id"] for one in after["paths"][0]["images"]}
    with collection.begin() as connection:
        show(connection, removed)
    assert walk(client, ids[0], ids[-1], graph=before["graph"]) == (200, before)


def test_an_image_that_came_after_the_graph_is_not_in_it_yet(
    own_app: Flask, collection: Engine, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        hide(connection, [7])
    publish(collection, home, reporter)
    with collection.begin() as connection:
        show(connection, [7])
    status, problem = walk(own_app.test_client(), 1, 7)
    assert (status, problem["type"]) == (409, "/problems/unplaced-image")


def test_a_graph_that_is_dropped_under_us_is_gone(own_app: Flask, collection: Engine, home: Path) -> None:
    del home
    with collection.begin() as connection:
        graph_id = connection.scalar(select(graph.c.id))
        connection.execute(graph.update().values(edges=graph.c.edges + 1))  # as if its rows were no longer there
    status, problem = walk(own_app.test_client(), 1, 2, graph=graph_id)
    assert (status, problem["type"]) == (410, "/problems/dropped-graph")


@pytest.mark.parametrize("query", ["", "source=1", "source=1&target=x", "source=1&target=2&mode=smooth",
                                   "source=1&target=2&via=3", "source=1&source=2&target=2", "source=0&target=1",
                                   "source=1&target=9223372036854775808", "source=+1&target=2"])  # fmt: skip
def test_what_makes_no_sense_is_a_problem_that_names_it(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/paths?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] in {"source", "target", "mode", "via"}


def test_while_a_new_version_of_a_space_has_no_graph_the_one_before_counts(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    before = walk(client, 1, 48)
    with collection.begin() as connection:
        connection.execute(current.update().values(graph_id=None))  # as an ingest does when it fits a space anew
    assert walk(client, 1, 48) == before
    assert client.get("/readyz").status_code == 200
