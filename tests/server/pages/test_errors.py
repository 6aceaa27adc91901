"""What goes wrong is told on a page, with ways back; even when it is the database that is away."""

import io
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from werkzeug.test import TestResponse

from enfilade.settings import ServerSettings
from server.app import create_app


def told(response: TestResponse, status: int) -> str:
    assert response.status_code == status
    assert response.mimetype == "text/html"
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    assert page.select_one(".status").text == str(status)
    assert page.select_one(".turns a")["href"] == "/"
    return page.main.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/images/999999999", 404),
        ("/images/9223372036854775808", 404),
        ("/images/five", 404),
        ("/images/5?space=none", 404),
        ("/path?source=3&target=999999999", 404),
        ("/path?source=999999999", 404),
        ("/path?source=3&target=600&graph=999999", 404),
        ("/path?source=three", 422),
        ("/path?source=9223372036854775808", 422),
        ("/?year_from=long+ago", 422),
        ("/?year_from=99999999999", 422),
        ("/?sort=none", 422),
        ("/?cursor=none", 404),
        ("/?q=%00", 422),
        ("/?attributes.hand=%00", 422),
        (f"/?q={'x' * 501}", 422),
    ],
)
def test_what_makes_no_sense_is_told_on_a_page(visitor: FlaskClient, address: str, status: int) -> None:
    told(visitor.get(address), status)


def test_a_method_that_a_page_has_not_is_told_on_a_page(visitor: FlaskClient) -> None:
    told(visitor.post("/"), 405)


def test_too_many_uploads_are_told_on_a_page(demo_engine: Engine, home: Path) -> None:
    visitor = create_app(demo_engine, home, ServerSettings(rate_limit=1)).test_client()
    stranger = {"REMOTE_ADDR": "192.0.2.7"}
    for status in (415, 429):
        response = visitor.post("/search", data={"file": (io.BytesIO(b"x"), "x")}, environ_base=stranger)
        assert response.status_code == status
    assert "Try again in" in told(response, 429)


def test_a_fault_of_ours_is_told_on_a_page_without_its_inside(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("server.pages.wall.hang", fail)
    assert "secret" not in told(visitor.get("/"), 500)


def test_a_database_that_is_away_is_told_on_a_page(home: Path) -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none")
    visitor = create_app(away, home, ServerSettings()).test_client()
    for address in ("/", "/images/5", "/search", "/path?source=1&target=2"):
        assert "Try again" in told(visitor.get(address), 503)
