"""Every error is a problem to programs and a page to people, whatever the address."""

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.problems import PROBLEMS


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("GET", "/api/", 404, "not-found"),
        ("DELETE", "/api/v1/images/1", 405, "method-not-allowed"),
        ("GET", "/api/v1/search", 405, "method-not-allowed"),
        ("POST", "/healthz", 405, "method-not-allowed"),
        ("GET", "/healthz?x=1", 422, "invalid-parameters"),
        ("GET", "/api/v1/images/1?x=1", 422, "invalid-parameters"),
        ("GET", "/api/v1/images/01", 422, "invalid-parameters"),
        ("GET", "/api/v1/images/9223372036854775808", 422, "invalid-parameters"),
        ("GET", "/api/v1/images?q=%00", 422, "invalid-parameters"),
        ("GET", "/api/v1/images?attributes.=x", 422, "invalid-parameters"),
        ("GET", "/api/v1/images?attributes=x", 422, "invalid-parameters"),
        ("GET", "/api/v1/images?attributes.%00=x", 422, "invalid-parameters"),
        ("GET", "/api/v1/images?sort=random", 422, "invalid-parameters"),
        ("GET", "/api/v1/images/1/file?rendition=huge", 422, "invalid-parameters"),
    ],
)
def test_a_program_is_answered_with_a_problem(
    client: FlaskClient, method: str, path: str, status: int, kind: str
) -> None:
    answer = client.open(path, method=method)
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (problem["type"], problem["status"]) == (f"/problems/{kind}", status)
    assert problem["detail"]
    assert problem["instance"] == f"urn:enfilade:request:{answer.headers['X-Request-ID']}"
    assert ("Allow" in answer.headers) == (status == 405)


def test_people_are_answered_with_a_page(client: FlaskClient) -> None:
    for path in ("/nothing", "/images/99999", "/problems/nothing"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_every_type_has_a_page_that_says_what_it_means(client: FlaskClient) -> None:
    for slug, problem in PROBLEMS.items():
        page = client.get(f"/problems/{slug}")
        assert page.status_code == 200
        assert problem.title in html.unescape(page.get_data(as_text=True))


def test_a_fault_of_ours_is_logged_and_tells_nothing(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("server.api.images.shown_image", fail)
    answer = own_app.test_client().get("/api/v1/images/1")
    assert (answer.status_code, answer.get_json()["type"]) == (500, "/problems/server-error")
    assert "secret" not in answer.get_data(as_text=True)
    assert "the secret reason" in caplog.text


def test_a_sane_request_id_is_kept_and_any_other_replaced(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "my-id.1"}).headers["X-Request-ID"] == "my-id.1"
    for other in ("", "a b", "é", "x" * 65):
        given = client.get("/healthz", headers={"X-Request-ID": other}).headers["X-Request-ID"]
        assert given != other
        assert len(given) == 16


@pytest.mark.parametrize("path", ["/", "/docs", "/api/v1/images/1", "/nothing", "/api/v1/images/1/file"])
def test_browsers_are_told_to_allow_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert policy != client.get(path).headers["Content-Security-Policy"]
