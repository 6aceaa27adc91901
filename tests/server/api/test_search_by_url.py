"""Search by a URL that the server fetches, over the API and on the page."""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from strangers import Stranger, endless, ok, redirect, serving

from enfilade.settings import ServerSettings
from server.app import create_app

ON = ServerSettings(fetch_urls=True, fetch_allow=(ipaddress.ip_network("127.0.0.1"),), max_upload=1_000_000)
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(scope="module")
def painted(home: Path, demo: str) -> bytes:
    del demo
    return sorted((home / "demo").glob("*.jpg"))[100].read_bytes()


@pytest.fixture(scope="module")
def gallery_elsewhere(painted: bytes) -> Iterator[Stranger]:
    routes = {
        "/a.jpg": ok(painted, "Content-Type: text/plain"),
        "/there": redirect("/a.jpg"),
        "/file": redirect("file:///etc/passwd"),
        "/inside": redirect("http://127.0.0.2:5432/"),
        "/page": ok(b"<html>", "Content-Type: image/jpeg"),
        "/endless": endless(b"x" * 10_000, begin=b"HTTP/1.1 200 OK\r\n\r\n"),
    }
    with serving(routes) as stranger:
        yield stranger


@pytest.fixture(scope="module")
def at(gallery_elsewhere: Stranger) -> str:
    return "http://{}:{}".format(*gallery_elsewhere.place)


@pytest.fixture(scope="module")
def fetching(demo_engine: Engine, home: Path) -> Flask:
    return create_app(demo_engine, home, ON)


@pytest.fixture
def client(fetching: Flask) -> FlaskClient:
    return fetching.test_client()


def test_a_picture_at_a_url_finds_itself_first(client: FlaskClient, at: str) -> None:
    for path in ("/a.jpg", "/there"):
        found = client.post("/api/v1/search", json={"url": at + path, "limit": 2, "space": "style"}).get_json()
        assert found["space"] == "style"
        assert found["items"][0]["distance"] < 1e-3 < found["items"][1]["distance"]


def test_a_crop_and_filters_narrow_it(client: FlaskClient, at: str) -> None:
    asked = {"url": f"{at}/a.jpg", "limit": 5}
    whole = client.post("/api/v1/search", json=asked).get_json()["items"]
    cropped = client.post("/api/v1/search", json={**asked, "crop": "0.5,0,0.5,1"}).get_json()["items"]
    assert cropped[0]["distance"] > whole[0]["distance"]
    page = BeautifulSoup(client.post("/search", data={"url": f"{at}/a.jpg", "crop": "0.5,0,0.5,1"}).data, "html.parser")
    shown = [int(str(picture["src"]).split("/")[4]) for picture in page.select(".wall img")]
    assert shown[:5] == [one["image"]["id"] for one in cropped]
    assert page.select_one("select[name=crop] option[selected]")["value"] == "0.5,0,0.5,1"
    cubist = client.post("/api/v1/search", json={**asked, "style": "Cubism"}).get_json()["items"]
    assert {one["image"]["style"] for one in cubist} == {"Cubism"}


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/file", 422, "unfetchable-url bad_url"),
        ("/inside", 422, "unfetchable-url unreachable"),
        ("/nothing", 422, "unfetchable-url bad_status"),
        ("/page", 415, "refused-image not_an_image"),
        ("/endless", 413, "refused-image too_many_bytes"),
    ],
)
def test_what_cannot_be_had_is_a_problem_with_its_reason(
    client: FlaskClient, at: str, path: str, status: int, expected: str
) -> None:
    answer = client.post("/api/v1/search", json={"url": at + path})
    problem = answer.get_json()
    assert (answer.status_code, f"{problem['type']} {problem['reason']}") == (status, f"/problems/{expected}")
    assert "127.0.0" not in problem["detail"]


def test_a_url_that_is_none_is_an_invalid_parameter(client: FlaskClient) -> None:
    for url in ("", "file:///etc/passwd", "ftp://a.example/", "http://a.example/a b", 5, None):
        answer = client.post("/api/v1/search", json={"url": url})
        assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/invalid-parameters")


def test_a_busy_server_says_when_to_try_again(client: FlaskClient, fetching: Flask, at: str) -> None:
    turns = fetching.extensions["enfilade"].fetcher._at_once
    for _ in range(3):
        turns.acquire()
    answer = client.post("/api/v1/search", json={"url": f"{at}/a.jpg"})
    turns.release(3)
    assert (answer.status_code, answer.get_json()["reason"], answer.headers["Retry-After"]) == (503, "busy", "2")
    assert client.post("/api/v1/search", json={"url": f"{at}/a.jpg"}).status_code == 200


def test_what_is_fetched_counts_as_an_upload(demo_engine: Engine, home: Path, at: str) -> None:
    limited = ServerSettings(fetch_urls=True, fetch_allow=ON.fetch_allow, rate_limit=3)
    client = create_app(demo_engine, home, limited).test_client()
    json = {"json": {"url": f"{at}/nothing"}, "environ_overrides": STRANGER}
    form = {"data": {"url": f"{at}/nothing"}, "environ_overrides": STRANGER}
    multipart = {**form, "content_type": "multipart/form-data"}
    statuses = [
        client.post("/api/v1/search", **json).status_code,  # type: ignore[arg-type]
        client.post("/search", **form).status_code,  # type: ignore[arg-type]
        client.post("/search", **multipart).status_code,  # type: ignore[arg-type]
    ]
    assert statuses == [422, 422, 422]
    for address, sent in (("/api/v1/search", json), ("/search", form), ("/search", multipart)):
        assert client.post(address, **sent).status_code == 429  # type: ignore[arg-type]


def test_the_page_has_a_field_for_it_and_says_what_was_wrong(client: FlaskClient, at: str) -> None:
    page = BeautifulSoup(client.get("/search").text, "html.parser")
    assert len(page.select("input[name=url]")) == 1
    found = client.post("/search", data={"url": f"{at}/a.jpg", "space": "style"})
    answered = BeautifulSoup(found.text, "html.parser")
    assert answered.select(".note")[0].text == "0.0°"
    assert answered.select("input[name=url]")[0]["value"] == f"{at}/a.jpg"
    for url, status in ((f"{at}/inside", 422), (f"{at}/page", 415), ("nonsense", 422), ("", 400)):
        refused = client.post("/search", data={"url": url})
        assert refused.status_code == status
        assert BeautifulSoup(refused.text, "html.parser").select("[role=alert]")


def test_where_fetching_is_off_there_is_no_field_and_nothing_is_fetched(
    app: Flask, gallery_elsewhere: Stranger, at: str
) -> None:
    client = app.test_client()
    page = BeautifulSoup(client.get("/search").text, "html.parser")
    assert not page.select("input[name=url]")
    before = len(gallery_elsewhere.heads)
    assert client.post("/api/v1/search", json={"url": f"{at}/a.jpg"}).status_code == 403
    assert client.post("/search", data={"url": f"{at}/a.jpg"}).status_code == 400
    assert len(gallery_elsewhere.heads) == before
