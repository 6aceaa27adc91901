"""Neighbours over HTTP, beside the same SQL through psycopg alone."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import Connection, event, text

from benchmarks.timing import percentiles, take_turns
from enfilade.database import EF_SEARCH, open_database
from enfilade.settings import Settings
from server.searching import neighbours_of

__all__ = ["run"]

WARMING = 50


def run(requests: int, limit: int) -> dict[str, Any]:
    """Ask for the neighbours of random images of the collection at ENFILADE_HOME or DATABASE_URL."""
    settings = Settings.from_environment()
    with open_database(settings) as engine, _serving() as address, engine.connect() as connection:
        ids = list(connection.scalars(text("SELECT id FROM enfilade.picture ORDER BY id")))
        tasks = random.Random(0).choices(ids, k=requests + WARMING)  # noqa: S311 — seeded, for the same run again
        statements = _statements(connection, tasks[0], limit)
        http = HTTPConnection(address, timeout=30)
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as plain:
            plain.execute(f"SET hnsw.ef_search = {EF_SEARCH}")
            plain.execute("SET hnsw.iterative_scan = strict_order")
            plain.commit()
            peers = {"psycopg": _ask_psycopg(plain, statements, tasks[0]), "http": _ask_http(http, limit)}
            times = take_turns(peers, tasks)
    measured = {name: percentiles(taken[WARMING:]) for name, taken in times.items()}
    ratio = measured["http"]["p50_ms"] / measured["psycopg"]["p50_ms"]
    return {"images": len(ids), "requests": requests, "limit": limit, "peers": measured, "ratio_p50": round(ratio, 2)}


@contextmanager
def _serving() -> Iterator[str]:
    command = [sys.executable, "-m", "enfilade", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield urlsplit(line.split()[-1]).netloc
        finally:
            process.terminate()


def _statements(connection: Connection, image_id: int, limit: int) -> list[tuple[str, Any]]:
    """Record the SQL that the server runs for one request."""
    recorded: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        recorded.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", record)
    neighbours_of(connection, image_id, limit=limit)
    event.remove(connection, "before_cursor_execute", record)
    return recorded


def _ask_psycopg(
    connection: psycopg.Connection, statements: list[tuple[str, Any]], recorded_for: int
) -> Callable[[int], object]:
    def ask(image_id: int) -> None:
        for statement, parameters in statements:
            own = {name: image_id if value == recorded_for else value for name, value in parameters.items()}
            connection.execute(statement, own).fetchall()
        connection.rollback()

    return ask


def _ask_http(connection: HTTPConnection, limit: int) -> Callable[[int], object]:
    def ask(image_id: int) -> None:
        connection.request("GET", f"/api/v1/images/{image_id}/neighbours?limit={limit}")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:  # noqa: PLR2004
            raise RuntimeError(f"{answer.status}: {body[:200]!r}")

    return ask
