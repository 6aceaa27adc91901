"""The app over the demo collection, pages read as a browser reads them, and a browser."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from enfilade.settings import ServerSettings
from server.app import create_app

Read = Callable[..., BeautifulSoup]


def parse(response: TestResponse) -> BeautifulSoup:
    assert response.mimetype == "text/html"
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


@pytest.fixture(scope="session")
def site(demo_engine: Engine, home: Path) -> Flask:
    return create_app(demo_engine, home, ServerSettings())


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def read(visitor: FlaskClient) -> Read:
    """Open an address, expect a status, and give the page."""

    def read(address: str, status: int = 200) -> BeautifulSoup:
        response = visitor.get(address)
        assert response.status_code == status, address
        return parse(response)

    return read


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app on a free port of this machine, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(site: Flask) -> Iterator[str]:
    with serving(site) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Tests that need one are skipped where there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium is installed")
    return found
