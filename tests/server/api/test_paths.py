"""Walks over the published graph, over older ones, and while things change."""

import io
import math
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, func, select

from enfilade.commands.walking import walk as walk_once
from enfilade.paths import PathGraph
from enfilade.queries.images import Filters
from enfilade.queries.paths import Question
from enfilade.schema import current, edge, graph, image, occurrence
from ingest.pipeline import ingest, publish
from ingest.progress import Reporter
from ingest.removal import hide, show
from ingest.sources import open_source
from ingest.studio import catalogue, paint
from server.links import walk_query


def test_a_path_is_what_the_core_finds(client: FlaskClient, demo_engine: Engine, home: Path) -> None:
    with demo_engine.connect() as connection:
        for question in (
            Question(1, 832),
            Question(832, 1, "smooth"),
            Question(17, 400, "even"),
            Question(17, 400, avoid=(16,), via=(30, 50), alternatives=3),
            Question(17, 20, filters=Filters(year_to=1950)),
        ):
            walked = walk_once(connection, home, question)
            answer = client.get("/api/v1/paths", query_string=walk_query(question)).get_json()
            assert len(answer["paths"]) == len(walked.paths)
            assert (answer["graph"], answer["mode"]) == (walked.build.id, question.mode)
            for told, path, steps in zip(answer["paths"], walked.paths, walked.steps, strict=True):
                assert [one["id"] for one in told["images"]] == list(path.images)
                assert told["steps"] == [step.as_dict() | {"distance": ANY} for step in steps]
                assert [step["distance"] for step in told["steps"]] == list(path.distances)
                assert (told["length"], told["worst_step"], told["variation"]) == (
                    path.length, path.worst_step, path.variation,
                )  # fmt: skip


def test_workers_share_what_one_wrote(demo_engine: Engine, tmp_path: Path) -> None:
    from enfilade.settings import ServerSettings  # noqa: PLC0415
    from server.app import create_app  # noqa: PLC0415

    client = create_app(demo_engine, tmp_path, ServerSettings()).test_client()
    assert client.get("/api/v1/paths?source=1&target=832&mode=even").status_code == 200
    (folder,) = (tmp_path / "graphs").iterdir()
    assert {path.name for path in folder.iterdir()} == {f"{name}.npy" for name in (*PathGraph.FIELDS, "vectors")}


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


def walked(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the spaces that agree, which are those of now."""
    steps = [[step | {"spaces": []} for step in path["steps"]] for path in answer["paths"]]
    return answer | {"paths": [path | {"steps": told} for path, told in zip(answer["paths"], steps, strict=True)]}


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
    assert walked(walk(other, 1, 48, graph=first["graph"])[1]) == walked(first)


def test_an_unknown_graph_is_a_problem(client: FlaskClient) -> None:
    status, problem = walk(client, 1, 2, graph=987654)
    assert (status, problem["type"]) == (404, "/problems/unknown-graph")
    status, problem = walk(client, 1, 2, space="nowhere")
    assert (status, problem["type"]) == (404, "/problems/unknown-space")


def test_a_walk_steps_over_what_it_cannot_go_around(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    _, before = walk(client, 1, 48)
    ids = [one["id"] for one in before["paths"][0]["images"]]
    with collection.begin() as connection:
        everything = connection.scalars(select(image.c.id).where(image.c.id.not_in([1, 48]))).all()
        hide(connection, list(everything))
    status, answer = walk(client, 1, 48)
    (path,) = answer["paths"]
    assert status == 200
    assert len(ids) > 2
    assert [one["id"] for one in path["images"]] == [1, 48]
    assert [(step["source"], step["target"], step["kind"]) for step in path["steps"]] == [(1, 48, "bridge")]


def test_a_walk_goes_around_what_was_removed_until_a_new_graph_is_published(
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
    around = [one["id"] for one in path["images"]]
    assert status == 200
    assert (around[0], around[-1]) == (ids[0], ids[-1])
    assert not set(removed) & set(around)
    assert [(step["source"], step["target"]) for step in path["steps"]] == list(pairwise(around))
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
    assert walked(walk(client, ids[0], ids[-1], graph=before["graph"])[1]) == walked(before)


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


@pytest.mark.parametrize("query", ["", "source=1", "source=1&target=x", "source=1&target=2&mode=scenic",
                                   "source=1&target=2&via=x", "source=1&source=2&target=2", "source=0&target=1",
                                   "source=1&target=9223372036854775808", "source=+1&target=2",
                                   "source=1&target=2&between=-1", "source=1&target=2&mode=smooth&between=4",
                                   "source=1&target=2&alternatives=6",
                                   "source=1&target=2" + "&via=3" * 51])  # fmt: skip
def test_what_makes_no_sense_is_a_problem_that_names_it(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/paths?{query}")
    assert answer.status_code == 422
    named = {"source", "target", "mode", "via", "between", "alternatives"}
    assert answer.get_json()["errors"][0]["parameter"] in named


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ({"target": 999_999}, 404, "unknown-image"),
        ({"via": 999_999}, 404, "unknown-image"),
        ({"avoid": 999_999}, 404, "unknown-image"),
        ({"target": 1}, 422, "same-ends"),
        ({"via": [3, 3]}, 422, "repeated-via"),
        ({"via": 600}, 422, "repeated-via"),
        ({"via": 3, "avoid": 3}, 422, "avoided-stop"),
        ({"avoid": 600}, 422, "avoided-stop"),
        ({"between": 0}, 422, "between-out-of-range"),
        ({"between": 1000}, 422, "between-out-of-range"),
        ({"artist": "Nobody"}, 404, "filtered-path"),
        ({"graph": 999_999}, 404, "unknown-graph"),
    ],
    ids=str,
)
def test_each_bad_question_has_its_own_problem(
    client: FlaskClient, query: dict[str, object], status: int, slug: str
) -> None:
    answer = client.get("/api/v1/paths", query_string={"source": 1, "target": 600, **query})
    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{slug}")


def test_too_few_between_names_the_least_which_then_works(client: FlaskClient) -> None:
    asked = {"source": 1, "target": 100, "mode": "even"}
    problem = client.get("/api/v1/paths", query_string=asked | {"between": 0}).get_json()
    assert problem["least"] > 0
    answer = client.get("/api/v1/paths", query_string=asked | {"between": problem["least"]}).get_json()
    assert len(answer["paths"][0]["images"]) == problem["least"] + 2


def test_a_filter_that_leaves_no_path_names_the_least_that_does(client: FlaskClient) -> None:
    asked = {"source": 1, "target": 100, "artist": "Nobody"}
    needed = client.get("/api/v1/paths", query_string=asked).get_json()["relaxation"]
    assert needed
    answer = client.get("/api/v1/paths", query_string=asked | {"via": needed}).get_json()
    assert [one["id"] for one in answer["paths"][0]["images"]] == [1, *needed, 100]


def test_an_answer_links_to_itself_and_to_its_page(client: FlaskClient) -> None:
    asked = {"source": 1, "target": 100, "between": 12, "avoid": [3, 4], "artist": "Ottoline Vance", "alternatives": 2}
    first = client.get("/api/v1/paths", query_string={**asked, "artist": []}).get_json()
    assert client.get(first["links"]["permalink"]).get_json() == first
    assert f"graph={first['graph']}" in first["links"]["page"]
    assert client.get(first["links"]["page"]).status_code == 200


def test_a_dropped_graph_leads_to_what_is_published_now(own_app: Flask, grow: object) -> None:
    client = own_app.test_client()
    old = walk(client, 1, 48, mode="smooth")[1]["graph"]
    for _ in range(3):
        grow()  # type: ignore[operator]
    status, problem = walk(client, 1, 48, mode="smooth", graph=old)
    assert (status, problem["type"]) == (410, "/problems/dropped-graph")
    now = client.get(problem["links"]["current"]).get_json()
    assert now == walk(client, 1, 48, mode="smooth")[1]
    page = client.get(f"/path?source=1&target=48&graph={old}")
    assert page.status_code == 200
    assert "kept no longer" in page.get_data(as_text=True)


def test_steps_are_explained_by_what_the_tables_hold(client: FlaskClient, demo_engine: Engine) -> None:
    answer = walk(client, 1, 100)[1]
    with demo_engine.connect() as connection:
        graphs = dict(connection.execute(select(current.c.space_name, current.c.graph_id)).all())
        for step in answer["paths"][0]["steps"]:
            pair = sorted((step["source"], step["target"]))
            rows = {
                row.graph_id: row
                for row in connection.execute(select(edge).where(edge.c.source == pair[0], edge.c.target == pair[1]))
            }
            row = rows[answer["graph"]]
            ranks = (
                (row.source_rank, row.target_rank) if pair[0] == step["source"] else (row.target_rank, row.source_rank)
            )
            assert (step["source_rank"], step["target_rank"]) == ranks
            assert step["kind"] == row.kind
            agree = [name for name, graph_id in sorted(graphs.items()) if graph_id in rows and name != answer["space"]]
            assert step["spaces"] == agree
            shorter = select(func.count()).where(edge.c.graph_id == answer["graph"], edge.c.distance < row.distance)
            whole = select(func.count()).where(edge.c.graph_id == answer["graph"])
            share = 100 * (connection.scalar(shorter) or 0) / (connection.scalar(whole) or 1)
            assert step["percentile"] == pytest.approx(share, abs=0.3)


@pytest.fixture
def files(demo_engine: Engine, home: Path) -> dict[str, bytes]:
    """A file of the collection, and another of the same work, smaller."""
    path = next((home / "demo").glob("*-05.jpg"))
    buffer = io.BytesIO()
    Image.open(path).reduce(2).save(buffer, "PNG")
    with demo_engine.connect() as connection:
        member = connection.scalar(select(occurrence.c.image_id).where(occurrence.c.source_uri == str(path)))
    return {"member": path.read_bytes(), "like": buffer.getvalue(), "id": member}  # type: ignore[dict-item]


@pytest.mark.parametrize("mode", ["shortest", "smooth", "even"])
def test_an_uploaded_member_walks_like_the_member(client: FlaskClient, files: dict[str, bytes], mode: str) -> None:
    of_member = client.get(f"/api/v1/paths?source={files['id']}&target=300&mode={mode}").get_json()
    form = {"source": (io.BytesIO(files["member"]), "mine.jpg"), "target": "300", "mode": mode}
    answer = client.post("/api/v1/paths", data=form).get_json()
    assert answer["paths"] == of_member["paths"]
    assert answer["links"] == {"permalink": None, "page": None}


@pytest.mark.parametrize("mode", ["shortest", "smooth", "even"])
def test_an_upload_is_joined_to_what_is_nearest_to_it_at_either_end(
    client: FlaskClient, files: dict[str, bytes], mode: str
) -> None:
    def ask(**form: object) -> dict[str, object]:
        answer = client.post("/api/v1/paths", data={**form, "mode": mode})
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()["paths"][0]  # type: ignore[no-any-return]

    nearest = client.post(
        "/api/v1/search", data={"file": (io.BytesIO(files["like"]), "mine.png"), "limit": 10}
    ).get_json()
    near = {hit["image"]["id"]: hit["distance"] for hit in nearest["items"]}
    there = ask(source=(io.BytesIO(files["like"]), "mine.png"), target="300")
    back = ask(source="300", target=(io.BytesIO(files["like"]), "mine.png"))
    assert len(there["steps"]) == len(there["images"])
    first = there["steps"][0]
    assert (first["source"], first["kind"], first["target"]) == (None, "upload", there["images"][0]["id"])
    assert first["distance"] == pytest.approx(near[first["target"]], abs=1e-6)
    assert first["source_rank"] == list(near).index(first["target"]) + 1
    assert [one["id"] for one in back["images"]] == [one["id"] for one in there["images"]][::-1]
    assert back["steps"][-1]["target"] is None


def test_both_ends_may_be_uploads_and_json_asks_the_same_as_an_address(
    client: FlaskClient, files: dict[str, bytes]
) -> None:
    form = {"source": (io.BytesIO(files["like"]), "a.png"), "target": (io.BytesIO(files["member"]), "b.jpg")}
    path = client.post("/api/v1/paths", data=form).get_json()["paths"][0]
    assert path["images"][-1]["id"] == files["id"]
    asked = {"source": 1, "target": 100, "via": [30, 50], "alternatives": 2}
    assert (
        client.post("/api/v1/paths", json=asked).get_json()
        == client.get("/api/v1/paths", query_string=asked).get_json()
    )


def test_what_is_no_picture_is_refused_as_in_a_search(client: FlaskClient) -> None:
    form = {"source": (io.BytesIO(b"no picture"), "mine.jpg"), "target": "300"}
    answer = client.post("/api/v1/paths", data=form)
    assert (answer.status_code, answer.get_json()["type"]) == (415, "/problems/refused-image")
    both = {"source": [(io.BytesIO(b"no picture"), "mine.jpg"), "3"], "target": "300"}
    assert client.post("/api/v1/paths", data=both).status_code == 422
    assert client.post("/api/v1/paths", data={"target": "3"}).status_code in {415, 422}


def test_while_a_new_version_of_a_space_has_no_graph_the_one_before_counts(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    before = walk(client, 1, 48)
    with collection.begin() as connection:
        connection.execute(current.update().values(graph_id=None))  # as an ingest does when it fits a space anew
    assert walked(walk(client, 1, 48)[1]) == walked(before[1])
    assert client.get("/readyz").status_code == 200
