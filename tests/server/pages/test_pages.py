import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine, func, select, update
from werkzeug.test import TestResponse

from enfilade.database import connect_engine
from enfilade.queries.images import count_images
from enfilade.schema import image, occurrence, rendition
from enfilade.settings import ServerSettings
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.sources.manifest import Manifest
from server.app import create_app
from server.limiting import Limiter
from server.pages.assets import STATIC

PAGES = ("/", "/images/5", "/search", "/path", "/path?source=3", "/path?target=3", "/path?source=3&target=600")


def links(page: BeautifulSoup, selector: str) -> list[str]:
    return [str(link["href"]) for link in page.select(selector)]


def only(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select(selector)
    assert len(found) == 1, (selector, len(found))
    return found[0]


def href(page: BeautifulSoup, selector: str) -> str:
    return str(only(page, selector)["href"])


def ids(page: BeautifulSoup) -> list[int]:
    """The pictures of a wall or a path, in order."""
    sources = (str(picture["src"]) for picture in page.select(".wall img, .rooms img"))
    return [int(source.split("/")[4]) for source in sources]


def angles(page: BeautifulSoup) -> list[float]:
    return [float(note.text.rstrip("°")) for note in page.select(".note, .angle")]


def parsed(response: TestResponse) -> BeautifulSoup:
    assert response.mimetype == "text/html"
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def upload(visitor: FlaskClient, data: bytes, name: str = "mine.jpg", **fields: str) -> TestResponse:
    return visitor.post("/search", data={"file": (io.BytesIO(data), name), **fields})


@pytest.fixture
def preview(demo_engine: Engine) -> bytes:
    """The bytes of picture 5, smaller than those that were ingested."""
    with demo_engine.connect() as connection:
        found = connection.scalar(select(rendition.c.bytes).where(rendition.c.image_id == 5, rendition.c.kind == "preview"))
    assert found
    return bytes(found)


@pytest.fixture(scope="module")
def changing(make_database: Any, home: Path, gallery: Path) -> Iterator[tuple[FlaskClient, Engine]]:
    """A collection of one's own to change."""
    engine = connect_engine(make_database())
    with engine.begin() as connection:
        from enfilade.database import migrate

        migrate(connection)
    ingest(engine, Manifest(gallery / "metadata.csv"), home, Reporter(_quiet()))
    yield create_app(engine, home, ServerSettings()).test_client(), engine
    engine.dispose()
