"""Where it is turned on, each answer leaves a row; no answer waits for it, or fails with it."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select, text

from enfilade.queries.log import Query
from enfilade.schema import query_log, rendition, space
from enfilade.settings import ServerSettings
from server.app import create_app
from server.database import connect
from server.metrics import metrics_text
from server.query_log import QueryLog

QUERY = Query(datetime.now(UTC), "path", 1, 2.5)


def rows(engine: Engine) -> list[Query]:
    columns = [column for column in query_log.c if column.name != "id"]
    with engine.connect() as connection:
        return [Query(**row._mapping) for row in connection.execute(select(*columns).order_by(query_log.c.id))]


def counted(outcome: str) -> float:
    name = f'enfilade_query_log_rows_total{{outcome="{outcome}"}} '
    lines = metrics_text(None, None, []).decode().splitlines()
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


@pytest.fixture
def log(engine: Engine, database: str) -> Iterator[QueryLog]:
    """A log over empty tables."""
    del engine  # which made them
    log = QueryLog(database, 90)
    yield log
    log.close()


def test_rows_are_written_together_and_what_waits_at_the_end_too(log: QueryLog, engine: Engine) -> None:
    before = counted("written")
    for number in range(500):
        log.add(replace(QUERY, milliseconds=number, verdict="match", confidence=0.5))
    log.close()
    assert [row.milliseconds for row in rows(engine)] == list(range(500))
    assert rows(engine)[0] == replace(QUERY, milliseconds=0, verdict="match", confidence=0.5)
    assert counted("written") == before + 500


def test_old_rows_are_deleted_and_young_ones_kept(database: str, engine: Engine) -> None:
    with engine.begin() as connection:
        for days in (6.9, 7.1, 90):
            connection.execute(
                text(
                    "INSERT INTO enfilade.query_log (at, operation, milliseconds) "
                    "VALUES (now() - :days * interval '1 day', 'path', :days)"
                ),
                {"days": days},
            )
    log = QueryLog(database, 7)
    log.add(QUERY)
    log.close()
    assert [row.milliseconds for row in rows(engine)] == pytest.approx([6.9, 2.5])


def test_adding_never_waits_and_what_finds_no_room_is_counted(database: str, engine: Engine) -> None:
    log = QueryLog(database, 90, room=10)
    before = counted("dropped")
    with psycopg.connect(database) as blocking:
        blocking.execute("LOCK enfilade.query_log")
        log.add(QUERY)
        time.sleep(1.5)  # now the thread waits for the lock
        began = time.monotonic()
        for _ in range(25):
            log.add(QUERY)
        assert time.monotonic() - began < 0.1
    log.close()
    assert counted("dropped") == before + 15
    assert len(rows(engine)) == 11


def test_without_a_database_rows_are_lost_counted_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    log = QueryLog("postgresql://nobody@/nothing?host=/nonexistent", 90)
    before = counted("failed")
    for _ in range(2):
        log.add(QUERY)
        time.sleep(1.2)
    log.close()
    assert counted("failed") == before + 2
    assert caplog.text.count("could not be written") == 1


@pytest.fixture
def logging_app(demo: str, home: Path, demo_engine: Engine) -> Iterator[Flask]:
    """The app over the demo collection as `enfilade serve` makes it, with the log on."""
    with demo_engine.begin() as connection:
        connection.execute(query_log.delete())
    engine = connect(demo)
    app = create_app(engine, home, ServerSettings(query_log=True))
    yield app
    app.extensions["enfilade"].close()
    engine.dispose()
    with demo_engine.begin() as connection:
        connection.execute(query_log.delete())


@pytest.fixture
def picture(demo_engine: Engine) -> bytes:
    wanted = select(rendition.c.bytes).where(rendition.c.image_id == 5, rendition.c.kind == "preview")
    with demo_engine.connect() as connection:
        return bytes(connection.execute(wanted).scalar_one())


def test_every_answer_leaves_a_row_and_nothing_else_does(
    logging_app: Flask, demo_engine: Engine, picture: bytes
) -> None:
    client = logging_app.test_client()
    asked: list[tuple[str, Callable[[FlaskClient], int]]] = [
        ("neighbours", lambda to: to.get("/api/v1/images/5/neighbours?space=style").status_code),
        ("neighbours", lambda to: to.get("/images/5?space=style").status_code),
        ("search_members", lambda to: to.post("/api/v1/search", json={"like": [5], "space": "style"}).status_code),
        ("search_members", lambda to: to.get("/search?like=5&unlike=9&space=style").status_code),
        ("search_upload", lambda to: to.post("/api/v1/search", data=_form(picture)).status_code),
        ("search_upload", lambda to: to.post("/search", data=_form(picture)).status_code),
        ("path", lambda to: to.get("/api/v1/paths?source=5&target=400&space=style").status_code),
        ("path", lambda to: to.post("/api/v1/paths", json={"source": 5, "target": 4, "space": "style"}).status_code),
        ("path", lambda to: to.get("/path?source=5&target=400&space=style").status_code),
    ]
    assert [ask(client) for _, ask in asked] == [200] * len(asked)
    for address in ("/", "/search", "/path", "/api/v1/images", "/api/v1/images/5", "/path/random", "/healthz"):
        assert client.get(address).status_code in {200, 302}
    for address in (
        "/api/v1/images/999999/neighbours",
        "/api/v1/paths?source=5&target=5",
        "/path?source=5&target=999999",
    ):
        assert client.get(address).status_code in {404, 422}
    assert client.post("/search", data={"file": (io.BytesIO(b"x"), "a.jpg")}).status_code == 415
    logging_app.extensions["enfilade"].close()
    found = rows(demo_engine)
    assert [row.operation for row in found] == [operation for operation, _ in asked]
    with demo_engine.connect() as connection:
        style = connection.execute(select(space.c.id).where(space.c.name == "style", space.c.status == "published"))
        assert {row.space_id for row in found} == {style.scalar_one()}
    assert all(0 < row.milliseconds < 60_000 for row in found)
    assert {row.operation for row in found if row.verdict} == {"search_upload"}
    assert all((row.verdict is None) == (row.confidence is None) for row in found)


def _form(picture: bytes) -> dict[str, object]:
    return {"file": (io.BytesIO(picture), "a.jpg"), "space": "style"}


def test_a_match_is_logged_with_its_verdict_and_how_sure_it_is(
    logging_app: Flask, demo_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.searching import search_members  # noqa: PLC0415

    def judged(*arguments: object, **options: object) -> object:
        found = search_members(*arguments, **options)  # type: ignore[arg-type]
        return SimpleNamespace(
            items=found.items, space=found.space, space_id=found.space_id,
            match=SimpleNamespace(verdict="unsure", same_work=0.25),
        )  # fmt: skip

    monkeypatch.setattr("server.api.search.search_members", judged)
    monkeypatch.setattr("server.api.search.found_json", lambda _: {})
    assert logging_app.test_client().post("/api/v1/search", json={"like": [5]}).status_code == 200
    logging_app.extensions["enfilade"].close()
    assert [(row.verdict, row.confidence) for row in rows(demo_engine)] == [("unsure", 0.25)]


def test_answers_go_on_while_the_log_cannot_be_written(logging_app: Flask, demo: str) -> None:
    with psycopg.connect(demo) as blocking:
        blocking.execute("LOCK enfilade.query_log")
        client = logging_app.test_client()
        for _ in range(3):
            assert client.get("/api/v1/images/5/neighbours").status_code == 200


def test_nothing_is_logged_unless_it_is_turned_on(client: FlaskClient, demo_engine: Engine) -> None:
    assert client.get("/api/v1/images/5/neighbours").status_code == 200
    time.sleep(1.2)
    assert rows(demo_engine) == []


def test_the_recipe_for_drift_tells_shares_and_times_by_day(engine: Engine) -> None:
    page = (Path(__file__).parents[2] / "docs" / "sql.md").read_text()
    recipe = page.split("## Whether answers drift")[1].split("```sql")[1].split("```")[0]
    today = datetime.now(UTC)
    with engine.begin() as connection:
        for verdict, milliseconds in [("match", 10), ("match", 20), ("unsure", 30), ("none", 40), (None, 50)]:
            row = {"at": today, "operation": "search_upload", "verdict": verdict, "milliseconds": milliseconds}
            connection.execute(insert(query_log).values(row))
        connection.execute(insert(query_log).values(operation="path", milliseconds=1, at=today))
        path, search = connection.execute(text(recipe)).mappings()
    assert (path["operation"], path["answers"], path["match_percent"]) == ("path", 1, None)
    assert (search["answers"], search["match_percent"], search["unsure_percent"]) == (5, 50, 25)
    assert (search["median_ms"], search["p95_ms"]) == (30, 48)
