"""Search by upload and by members."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from enfilade.embedder import Embedder
from enfilade.images import Crop, decode
from enfilade.queries.spaces import load_placer, published_space, published_spaces
from enfilade.settings import ServerSettings
from ingest.removal import hide
from server.app import create_app

ODD = Path(os.environ.get("ENFILADE_TEST_DATA", "")) / "odd" / "files"


def send(client: FlaskClient, data: bytes, **fields: str | int) -> TestResponse:
    # Encoded here: the client itself would leave a temporary file behind.
    picture = FileStorage(io.BytesIO(data), "picture.jpg")
    boundary, body = encode_multipart({"file": picture, **{name: str(value) for name, value in fields.items()}})
    return client.post("/api/v1/search", data=body, content_type=f"multipart/form-data; boundary={boundary}")


@pytest.fixture(scope="session")
def painted(home: Path, demo: str) -> bytes:
    del demo
    return sorted((home / "demo").glob("*.jpg"))[100].read_bytes()


def test_an_uploaded_member_finds_itself_first(client: FlaskClient, painted: bytes) -> None:
    found = send(client, painted, limit=3)
    assert found.status_code == 200
    first, second, _ = found.get_json()["items"]
    assert first["distance"] < 1e-3 < second["distance"]
    beside = client.get(f"/api/v1/images/{first['image']['id']}/neighbours?limit=2").get_json()["items"]
    assert second["image"]["id"] == beside[0]["image"]["id"]


def test_a_large_picture_is_placed_near_where_it_would_be_if_read_as_a_member_is(
    demo_engine: Engine, home: Path, painted: bytes
) -> None:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(painted)).resize((3000, 2400), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    with demo_engine.connect() as connection:
        for space in published_spaces(connection):
            embedder = Embedder(space, load_placer(connection, space), home)
            exact, thin = embedder.place(decode(buffer.getvalue()).pixels), embedder.embed(buffer.getvalue())
            assert 2 * np.arcsin(np.linalg.norm(exact - thin) / 2) < 0.1


def test_a_match_that_a_filter_leaves_out_is_told_to_be_elsewhere(client: FlaskClient, painted: bytes) -> None:
    whole = send(client, painted, limit=2).get_json()
    match, first = whole["match"], whole["items"][0]["image"]
    assert (match["verdict"], match["image_id"]) == ("match", first["id"])
    artists = {image["artist"] for image in client.get("/api/v1/images?limit=100").get_json()["items"]}
    other = min(artists - {first["artist"]})
    narrowed = send(client, painted, limit=2, artist=other).get_json()
    assert all(item["image"]["artist"] == other for item in narrowed["items"])
    assert narrowed["match"]["image_id"] == first["id"]
    assert "not among what you asked for" in narrowed["match"]["sentence"]


@pytest.mark.parametrize("crop", [None, Crop(0.25, 0.25, 0.5, 0.6)], ids=["whole", "part"])
def test_an_upload_is_placed_bit_for_bit_as_the_collection_was(
    app: Flask, demo_engine: Engine, home: Path, painted: bytes, crop: Crop | None
) -> None:
    embedders = app.extensions["enfilade"].embedders
    with demo_engine.connect() as connection:
        space = published_space(connection)
        here = Embedder(space, load_placer(connection, space), home).embed(painted, crop=crop)
        apart = embedders.embed(connection, space, painted, crop)
        assert apart.tobytes() == here.tobytes()
        assert embedders.place(connection, space, embedders.read(painted, crop).pixels).tobytes() == here.tobytes()


def test_a_file_is_told_by_its_bytes_and_nothing_of_it_comes_back(client: FlaskClient, painted: bytes) -> None:
    exif = Image.Exif()
    exif[270] = "a secret place"
    told = io.BytesIO()
    Image.open(io.BytesIO(painted)).save(told, "PNG", exif=exif)
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../<secret>.exe"\r\n'
    body += b"Content-Type: application/x-msdownload\r\n\r\n" + told.getvalue() + b"\r\n--b--\r\n"
    answer = client.post("/api/v1/search", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 200
    assert "secret" not in answer.get_data(as_text=True) + str(answer.headers)


def test_a_crop_of_everything_changes_nothing_and_a_crop_of_half_does(client: FlaskClient, painted: bytes) -> None:
    whole = send(client, painted, limit=5).get_json()
    assert send(client, painted, limit=5, crop="0,0,1,1").get_json() == whole
    assert send(client, painted, limit=5, crop="0,0,1.0,1.00").get_json() == whole
    half = send(client, painted, limit=5, crop="0.5,0,0.5,1").get_json()
    assert half["items"][0]["distance"] > whole["items"][0]["distance"]


def test_a_crop_finds_what_the_same_picture_cut_finds(client: FlaskClient, painted: bytes) -> None:
    picture = Image.open(io.BytesIO(painted))
    cut = io.BytesIO()
    picture.crop((0, 0, picture.width // 2, picture.height)).save(cut, "PNG")
    by_crop = send(client, painted, limit=3, crop=f"0,0,{picture.width // 2 / picture.width:.9f},1").get_json()
    by_hand = send(client, cut.getvalue(), limit=3).get_json()
    assert by_crop == by_hand


@pytest.mark.parametrize(
    "crop", ["0,0,0,1", "0,0,1", "0,0,1,2", "-1,0,1,1", "a,b,c,d", "0,0,1,1,", "0,0,1,1\n", "\u0660,0,1,1"]
)
def test_a_crop_that_makes_no_sense_is_a_problem(client: FlaskClient, painted: bytes, crop: str) -> None:
    answer = send(client, painted, crop=crop)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "crop"


def test_a_crop_too_thin_to_see_is_refused(client: FlaskClient, painted: bytes) -> None:
    answer = send(client, painted, crop="1,0,1,1")
    assert (answer.status_code, answer.get_json()["reason"]) == (422, "too_small")


def test_likes_find_what_lies_between_them_and_never_themselves(client: FlaskClient) -> None:
    answer = client.post("/api/v1/search", json={"like": [1, 2, 3], "unlike": [700], "limit": 20})
    assert answer.status_code == 200
    found = [one["image"]["id"] for one in answer.get_json()["items"]]
    assert len(found) == 20
    assert not {1, 2, 3, 700} & set(found)


def test_one_like_finds_its_neighbours(client: FlaskClient) -> None:
    liked = client.post("/api/v1/search", json={"like": [7, 7]}).get_json()
    assert liked == client.get("/api/v1/images/7/neighbours").get_json()


def test_likes_and_unlikes_that_cancel_out_still_find(client: FlaskClient) -> None:
    answer = client.post("/api/v1/search", json={"like": [7], "unlike": [7], "attributes.hand": "nobody"})
    assert (answer.status_code, answer.get_json()["items"]) == (200, [])


def test_a_removed_like_is_gone_and_a_removed_image_is_not_found(own_app: Flask, collection: Engine) -> None:
    client = own_app.test_client()
    nearest = client.get("/api/v1/images/1/neighbours?limit=1").get_json()["items"][0]["image"]["id"]
    with collection.begin() as connection:
        hide(connection, [nearest])
    found = client.post("/api/v1/search", json={"like": [1], "limit": 100}).get_json()
    assert nearest not in [one["image"]["id"] for one in found["items"]]
    assert client.post("/api/v1/search", json={"like": [1, nearest]}).status_code == 410


def test_a_url_is_not_fetched(client: FlaskClient) -> None:
    answer = client.post("/api/v1/search", json={"url": "http://127.0.0.1:1/a.jpg"})
    assert (answer.status_code, answer.get_json()["type"]) == (403, "/problems/fetching-off")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("", 400, "unreadable-body"),
        ("{", 400, "unreadable-body"),
        ("[" * 60_000, 400, "unreadable-body"),
        ("[1]", 400, "unreadable-body"),
        ("{}", 422, "invalid-parameters"),
        ('{"like": []}', 422, "invalid-parameters"),
        ('{"like": [1], "url": "http://a.b/"}', 422, "invalid-parameters"),
        ('{"like": [1], "limit": 1e999}', 422, "invalid-parameters"),
        ('{"like": [1], "limit": true}', 422, "invalid-parameters"),
        ('{"like": [1.5]}', 422, "invalid-parameters"),
        ('{"like": [99999999999999999999]}', 422, "invalid-parameters"),
        ('{"like": [1], "artist": "\\ud800"}', 422, "invalid-parameters"),
        ('{"like": [1], "artist": "\\u0000"}', 422, "invalid-parameters"),
        ('{"like": [1], "attributes.a\\u0000": "x"}', 422, "invalid-parameters"),
        ('{"like": [1], "attributes": {}}', 422, "invalid-parameters"),
        ('{"like": [1], "space": "nowhere"}', 404, "unknown-space"),
        ('{"like": [123456]}', 404, "unknown-image"),
    ],
)
def test_a_body_that_makes_no_sense_is_a_problem(client: FlaskClient, body: str, status: int, kind: str) -> None:
    answer = client.post("/api/v1/search", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{kind}")
    assert answer.mimetype == "application/problem+json"


def test_other_media_types_and_forms_without_a_file_are_problems(client: FlaskClient) -> None:
    assert client.post("/api/v1/search").status_code == 415
    assert client.post("/api/v1/search", data="x", content_type="text/plain").status_code == 415
    assert client.post("/api/v1/search", data="x", content_type="multipart/form-data").status_code == 400
    form = {"content_type": "multipart/form-data"}
    assert client.post("/api/v1/search", data={"file": "no file"}, **form).status_code == 422
    two = [(io.BytesIO(b"a"), "a"), (io.BytesIO(b"b"), "b")]
    assert client.post("/api/v1/search", data={"file": two}, **form).status_code == 422
    assert client.post("/api/v1/search", data={"picture": (io.BytesIO(b"a"), "a")}, **form).status_code == 422


def test_a_part_whose_name_cannot_be_read_is_a_problem(client: FlaskClient) -> None:
    for header in ("form-data", 'form-data; filename="a.jpg"', "form-data; name*=utf-8'"):
        body = f"--b\r\nContent-Disposition: {header}\r\n\r\nx\r\n--b--\r\n"
        answer = client.post("/api/v1/search", data=body, content_type="multipart/form-data; boundary=b")
        assert answer.status_code == 422, header


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [(b"", 422, "empty_file"), (b"hello", 415, "not_an_image"), (b"%PDF-1.7\n", 415, "unsupported_format")],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    client: FlaskClient, data: bytes, status: int, reason: str
) -> None:
    answer = send(client, data)
    assert (answer.status_code, answer.get_json()["reason"]) == (status, reason)


@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_an_upload_over_the_limit_is_refused_before_it_is_read(demo_engine: Engine, home: Path) -> None:
    client = create_app(demo_engine, home, ServerSettings(max_upload=100_000)).test_client()
    just_over = send(client, b"\xff" * 100_001)
    assert (just_over.status_code, just_over.get_json()["reason"]) == (413, "too_many_bytes")
    far_over = send(client, b"\xff" * 1_000_000)
    assert (far_over.status_code, far_over.get_json()["type"]) == (413, "/problems/too-large")
    stream = client.post(
        "/api/v1/search",
        input_stream=io.BytesIO(b"x" * 1_000_000),
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert stream.status_code == 413


def test_uploads_are_limited_for_each_address_but_not_for_this_machine(
    demo_engine: Engine, home: Path, painted: bytes
) -> None:
    client = create_app(demo_engine, home, ServerSettings(rate_limit=2)).test_client()
    for _ in range(4):
        assert send(client, b"x").status_code == 415
    stranger = {"REMOTE_ADDR": "203.0.113.7"}
    statuses = []
    for _ in range(3):
        answer = client.post(
            "/api/v1/search", data={"file": (io.BytesIO(painted), "a.jpg")}, environ_overrides=stranger
        )
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 429]
    assert 1 <= int(answer.headers["Retry-After"]) <= 31
    assert answer.get_json()["type"] == "/problems/too-many-uploads"
    assert client.get("/api/v1/images/1", environ_overrides=stranger).status_code == 200


def test_an_upload_is_placed_without_torch(demo: str, home: Path, painted: bytes, tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(painted)
    program = """
import io, sys
from pathlib import Path
from enfilade.settings import ServerSettings
from server.app import create_app
from server.database import connect
engine = connect(sys.argv[1])
client = create_app(engine, Path(sys.argv[2]), ServerSettings()).test_client()
answer = client.post("/api/v1/search", data={"file": (io.BytesIO(Path(sys.argv[3]).read_bytes()), "a.jpg")})
assert answer.status_code == 200, answer.data
assert client.get("/api/v1/paths?source=1&target=700").status_code == 200
assert client.get("/").status_code == 200
engine.dispose()
print(sorted({"torch", "faiss", "torchvision", "ingest"} & sys.modules.keys()))
"""
    words = [sys.executable, "-W", "error", "-c", program, demo, str(home), str(tmp_path / "picture.jpg")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.skipif(not ODD.is_dir(), reason="ENFILADE_TEST_DATA names no folder with odd files")
def test_every_odd_file_is_searched_or_refused(client: FlaskClient) -> None:
    outcomes = {}
    for path in sorted(ODD.iterdir()):
        answer = send(client, path.read_bytes(), limit=1)
        assert answer.status_code == 200 or "reason" in answer.get_json(), path.name
        outcomes[path.name] = answer.status_code
    assert set(outcomes.values()) <= {200, 413, 415, 422}
    assert 200 in outcomes.values()
