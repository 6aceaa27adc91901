"""What the tests stand on: a real Postgres, the demo collection in it, and databases of one's own to change."""

import csv
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from rich.console import Console
from sqlalchemy import Engine

from enfilade import embedded
from enfilade.database import connect_engine, open_database
from enfilade.settings import Settings
from ingest.progress import Reporter
from ingest.studio import Work, catalogue, paint

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A data directory. Not in pytest's own, whose modes each new run of pytest resets under a running server."""
    with tempfile.TemporaryDirectory(prefix="enfilade-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[str]:
    """The URL of an embedded server that runs for as long as the tests do."""
    with embedded.lease(home) as url:
        yield url


@pytest.fixture(scope="session")
def enfilade(home: Path) -> Run:
    """Run a command as a user does; keyword arguments are environment variables."""

    def run(*arguments: str | Path, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"ENFILADE_HOME": str(home), "PYTHONWARNINGS": "error", **environment}
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "enfilade", *map(str, arguments)],
            env=inherited | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stderr + done.stdout
        return done

    return run


@pytest.fixture(scope="session")
def demo(server: str, enfilade: Run) -> str:
    """The demo collection, painted and ingested by its own command; gives the database's URL. Not to be changed."""
    enfilade("demo", "--no-serve")
    return server


@pytest.fixture(scope="session")
def demo_engine(demo: str) -> Iterator[Engine]:
    engine = connect_engine(demo)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def make_database(server: str) -> Callable[[], str]:
    """Make an empty database on the tests' server, and give its URL."""

    def make() -> str:
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return server.replace("/enfilade?", f"/{name}?")

    return make


@pytest.fixture
def database(make_database: Callable[[], str], server: str) -> Iterator[str]:
    """An empty database of one's own, dropped afterwards; gives its URL."""
    url = make_database()
    yield url
    name = url.split("@/")[1].split("?")[0]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def engine(database: str, home: Path) -> Iterator[Engine]:
    """An engine on an empty collection of one's own."""
    with open_database(Settings(home=home, database_url=database)) as opened:
        yield opened


@pytest.fixture
def reporter() -> Reporter:
    return Reporter(Console(stderr=True, quiet=True))


@pytest.fixture(scope="session")
def works() -> tuple[Work, ...]:
    """Eight works of each of six hands."""
    hands = list(dict.fromkeys(work.hand for work in catalogue()))[:6]
    return tuple(work for work in catalogue() if work.hand in hands and work.index < 8)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory, works: tuple[Work, ...]) -> Path:
    """A folder of 48 pictures, with a manifest. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("gallery")
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        manifest = csv.writer(file)
        manifest.writerow(["file", "title", "artist", "year", "style", "genre", "hand"])
        for work in works:
            paint(work).save(folder / work.file, quality=90)
            manifest.writerow([work.file, work.title, work.artist, work.year, work.style, work.genre, work.hand])
    return folder
