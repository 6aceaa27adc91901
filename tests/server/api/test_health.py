"""What whoever keeps the server running is told."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, text

from enfilade.backbones import LITE0
from enfilade.backbones.torchvision_networks import torchvision_backbone
from enfilade.database import connect_engine
from enfilade.settings import ServerSettings
from server.app import create_app


def test_the_process_answers_and_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz").get_json()
    assert (ready["ready"], ready["empty"]) == (True, False)
    assert {check["name"] for check in ready["checks"]} == {
        "database", "migrations", "weights of efficientnet_lite0", "decoder", "graph",
    }  # fmt: skip


def test_an_empty_collection_is_ready_and_says_so(engine: Engine, home: Path) -> None:
    client = create_app(engine, home, ServerSettings()).test_client()
    ready = client.get("/readyz").get_json()
    assert (ready["ready"], ready["empty"]) == (True, True)
    assert client.get("/api/v1/images").get_json() == {"items": [], "next": None, "total": 0}
    assert client.get("/api/v1/spaces").get_json() == {"items": []}
    for path in ("/api/v1/images/1/neighbours", "/api/v1/paths?source=1&target=2"):
        answer = client.get(path)
        assert answer.status_code in {404, 409}
        assert answer.get_json()["type"] in {"/problems/empty-collection", "/problems/unknown-image"}


def test_images_without_a_graph_are_not_ready(collection: Engine, home: Path) -> None:
    with collection.begin() as connection:
        connection.execute(text("UPDATE enfilade.graph SET status = 'retired'"))
    answer = create_app(collection, home, ServerSettings()).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert [check["name"] for check in answer.get_json()["checks"] if not check["ready"]] == ["graph"]


def test_tables_of_another_version_are_not_ready(engine: Engine, home: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE enfilade.alembic_version SET version_num = '0000'"))
    answer = create_app(engine, home, ServerSettings()).test_client().get("/readyz")
    assert answer.status_code == 503
    assert "0000" in answer.get_json()["detail"]


def test_weights_that_are_not_the_expected_ones_are_not_ready(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "weights.pth"
    other.write_bytes(b"not these")
    changed = replace(LITE0, find_weights=lambda: other)
    monkeypatch.setattr("server.readiness.recall_backbone", lambda *_: changed)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "weights" in answer.get_json()["detail"]


def test_without_a_decoder_it_is_not_ready_and_reads_no_upload_itself(
    collection: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(collection, home, ServerSettings()).test_client()
    monkeypatch.setattr(sys, "executable", str(home / "no-python"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [check["name"] for check in answer.get_json()["checks"] if not check["ready"]] == ["decoder"]
    picture = io.BytesIO()
    Image.new("RGB", (64, 64)).save(picture, "PNG")
    upload = client.post("/api/v1/search", data={"file": (io.BytesIO(picture.getvalue()), "a.png")})
    assert (upload.status_code, upload.get_json()["type"]) == (503, "/problems/decoder-missing")
    assert client.get("/api/v1/images").status_code == 200


def test_a_space_whose_weights_are_gone_is_not_ready_and_says_where_they_should_be(
    collection: Engine, home: Path
) -> None:
    resnet = torchvision_backbone("resnet18", "0123456789abcdef" * 4, Path)
    with collection.begin() as connection:
        recipe = connection.scalar(text("SELECT recipe FROM enfilade.space WHERE name = 'content'"))
        recipe["parts"][0]["extractor"] |= resnet.recipe()
        changed = text("UPDATE enfilade.space SET recipe = CAST(:recipe AS jsonb) WHERE name = 'content'")
        connection.execute(changed, {"recipe": json.dumps(recipe)})
    answer = create_app(collection, home, ServerSettings()).test_client().get("/readyz")
    assert answer.status_code == 503
    missing = [check for check in answer.get_json()["checks"] if not check["ready"]]
    assert [check["name"] for check in missing] == ["weights of resnet18"]
    assert str(home / "weights" / "resnet18-0123456789abcdef.pth") in missing[0]["detail"]


def test_spaces_of_colours_alone_need_no_weights(collection: Engine, home: Path) -> None:
    with collection.begin() as connection:
        connection.execute(text("DELETE FROM enfilade.current WHERE space_name <> 'colour'"))
        connection.execute(text("UPDATE enfilade.current SET is_default = true"))
    ready = create_app(collection, home, ServerSettings()).test_client().get("/readyz").get_json()
    assert {check["name"] for check in ready["checks"]} == {"database", "migrations", "decoder", "graph"}


def test_metrics_count_requests_and_images(client: FlaskClient) -> None:
    client.get("/api/v1/images/1")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'enfilade_requests_total{method="GET",route="/api/v1/images/<id>",status="200"}' in text
    assert "enfilade_images 832.0" in text
    assert "enfilade_database_up 1.0" in text


def test_without_a_database_answers_are_problems_and_health_and_metrics_go_on(home: Path) -> None:
    engine = connect_engine("postgresql://nobody@/nothing?host=/nonexistent")
    client = create_app(engine, home, ServerSettings()).test_client()
    assert client.get("/healthz").status_code == 200
    assert "enfilade_database_up 0.0" in client.get("/metrics").get_data(as_text=True)
    for path in ("/readyz", "/api/v1/images", "/api/v1/images/1/file", "/api/v1/paths?source=1&target=2"):
        answer = client.get(path)
        assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/database-away")
        assert answer.headers["Retry-After"]
        assert "nonexistent" not in answer.get_data(as_text=True)
    assert client.get("/").mimetype == "text/html"
    engine.dispose()
