"""The app over the demo collection, and over one that may be changed."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from enfilade.settings import ServerSettings
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.sources import open_source
from server.app import create_app


@pytest.fixture(scope="session")
def app(demo_engine: Engine, home: Path) -> Flask:
    return create_app(demo_engine, home, ServerSettings())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def collection(demo: str, engine: Engine, gallery: Path, home: Path, reporter: Reporter) -> Engine:
    """48 pictures, to be changed; the demo came first, and left the network."""
    del demo
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    return engine


@pytest.fixture
def own_app(collection: Engine, home: Path) -> Flask:
    """An app over a collection that may be changed."""
    return create_app(collection, home, ServerSettings())
