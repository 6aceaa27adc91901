"""The server as a process: it announces itself, finishes what it began, and lives through what happens around it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from enfilade import embedded
from ingest.studio import catalogue, paint
from server.database import IDLE_SECONDS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a running server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 — JSON
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs as `enfilade serve`."""

    url: str
    home: Path
    process: subprocess.Popen[str]

    def get(self, path: str) -> Answer:
        return self.ask(urllib.request.Request(self.url + path.lstrip("/")))  # noqa: S310 — our own

    def ask(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def command(self, *arguments: str | Path) -> str:
        """Run a command on the same collection."""
        return run_command(self.home, *arguments)


def environment(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**inherited, "ENFILADE_HOME": str(home)}


def run_command(home: Path, *arguments: str | Path) -> str:
    words = [sys.executable, "-m", "enfilade", *map(str, arguments)]
    done = subprocess.run(words, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def own_home(demo: str, home: Path, gallery: Path) -> Iterator[Path]:
    """A data directory with the gallery ingested, and an embedded database of its own, to be stopped at will."""
    del demo  # which left the network
    with tempfile.TemporaryDirectory(prefix="enfilade-test-") as folder:
        own = Path(folder)
        shutil.copytree(home / "networks", own / "networks")
        run_command(own, "ingest", gallery / "metadata.csv")
        yield own
        embedded.stop(own, force=True)


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Served]:
    """Start a server on a free port, and end it."""
    words = [sys.executable, "-m", "enfilade", "serve", "--port", "0", *options]
    with (
        (home / "serve.log").open("a") as log,
        subprocess.Popen(words, env=environment(home), stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:"), (home / "serve.log").read_text()
        try:
            yield Served(url, home, process)
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture
def served(own_home: Path) -> Iterator[Served]:
    with serving(own_home) as running:
        yield running


@contextmanager
def steadily(served: Served, *paths: str) -> Iterator[Counter[tuple[str, int]]]:
    """Ask for some addresses again and again meanwhile, and count the answers."""
    answers: Counter[tuple[str, int]] = Counter()
    enough = threading.Event()

    def ask(path: str) -> None:
        while not enough.is_set():
            answers[path, served.get(path).status] += 1

    threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def test_it_answers_within_three_seconds_and_ends_well(own_home: Path) -> None:
    with embedded.lease(own_home):  # as where Postgres runs already
        began = time.monotonic()
        with serving(own_home) as served:
            assert served.get("/healthz").status == 200
            assert time.monotonic() - began < 10  # 1.3 s on a machine with nothing else to do
            assert served.get("/readyz").json["ready"]
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(timeout=60) == 0


def test_it_stops_its_database_when_it_ends(own_home: Path) -> None:
    with serving(own_home) as served:
        assert served.get("/api/v1/images/1").status == 200
    assert served.process.returncode == 0
    assert not (own_home / "postgres" / "postmaster.pid").exists()


def test_sigterm_lets_a_slow_request_finish(served: Served) -> None:
    answers: list[Answer] = []
    with embedded.lease(served.home) as url, psycopg.connect(url) as blocker:
        blocker.execute("LOCK TABLE enfilade.image IN ACCESS EXCLUSIVE MODE")
        thread = threading.Thread(target=lambda: answers.append(served.get("/api/v1/images/1")))
        thread.start()
        with psycopg.connect(url, autocommit=True) as watching:
            while watching.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
                time.sleep(0.05)
        served.process.terminate()
        time.sleep(1)
        assert served.process.poll() is None
        assert not answers
        blocker.rollback()
        thread.join(timeout=20)
    assert [answer.status for answer in answers] == [200]
    assert served.process.wait(timeout=60) == 0


def test_a_publish_and_a_removal_fail_no_request(served: Served, tmp_path: Path) -> None:
    for work in (work for work in catalogue() if work.index == 11):
        paint(work).save(tmp_path / work.file)
    paths = (
        "/api/v1/images?limit=24", "/api/v1/images/1/neighbours", "/api/v1/paths?source=1&target=40",
        "/api/v1/images/2/file?rendition=thumbnail", "/",
    )  # fmt: skip
    before = served.get(paths[2]).json["graph"]
    with steadily(served, *paths) as answers:
        served.command("ingest", tmp_path)
        grown = served.get(paths[2]).json
        between = [one["id"] for one in grown["paths"][0]["images"]][1:-1]
        served.command("remove", between[0])
        after = served.get(paths[2]).json
    assert before < grown["graph"] < after["graph"]
    assert between[0] not in [one["id"] for one in after["paths"][0]["images"]]
    assert [asked for asked in answers if asked[1] != 200] == []
    assert min(answers.values()) > 10
    served.command("remove", "--source", tmp_path)
    served.command("restore-image", between[0])


def parents() -> dict[int, int]:
    """Tell of each process that runs who started it."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def decoders(served: Served) -> tuple[int, set[int]]:
    """Give the worker of a server that has one, and the processes that it started."""
    (worker,) = (
        pid
        for pid, parent in parents().items()
        if parent == served.process.pid and b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    )
    return worker, {pid for pid, parent in parents().items() if parent == worker}


def end(pids: set[int]) -> bool:
    deadline = time.monotonic() + 10
    while pids & parents().keys() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not pids & parents().keys()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks where Linux tells of processes")
def test_decoders_end_with_their_workers(own_home: Path) -> None:
    with serving(own_home, "--workers", "1") as served:
        assert served.get("/readyz").status == 200
        worker, first = decoders(served)
        assert len(first) == 1
        os.kill(worker, signal.SIGKILL)
        assert end(first)
        assert served.get("/readyz").status == 200
        _, second = decoders(served)
        assert len(second) == 1
    assert end(second)


def test_a_database_that_goes_away_and_comes_back_needs_no_restart(served: Served) -> None:
    asked = ("/api/v1/images", "/api/v1/images/1/neighbours", "/api/v1/paths?source=1&target=40", "/readyz")
    assert {served.get(path).status for path in asked} == {200}
    embedded.stop(served.home, force=True)
    for path in asked:
        answer = served.get(path)
        assert (answer.status, answer.json["type"]) == (503, "/problems/database-away")
        assert answer.headers["Retry-After"]
    assert served.get("/").status == 503
    assert served.get("/healthz").status == 200
    with embedded.lease(served.home):
        time.sleep(IDLE_SECONDS)  # for so long a worker that was not asked meanwhile takes its connection for sound
        assert {served.get(path).status for path in asked for _ in range(4)} == {200}
        served.process.terminate()
        assert served.process.wait(timeout=60) == 0


def test_a_port_that_is_taken_is_said(served: Served) -> None:
    port = served.url.rstrip("/").rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "enfilade", "serve", "--port", port],
        env=environment(served.home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_http_is_refused_as_a_problem(served: Served) -> None:
    answer = served.get("/api/v1/images?q=" + "a" * 9000)
    assert answer.status == 414
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["type"] == "/problems/request-refused"


def test_all_workers_count_together(served: Served) -> None:
    for _ in range(20):
        served.get("/api/v1/spaces")
    text = served.get("/metrics").body.decode()
    counted = re.search(r'enfilade_requests_total\{method="GET",route="/api/v1/spaces",status="200"\} (\S+)', text)
    assert counted
    assert float(counted[1]) == 20


def test_logs_are_lines_of_json_if_wanted(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENFILADE_LOG", "json")
    log = own_home / "serve.log"
    log.write_text("")
    with serving(own_home) as served:
        served.get("/api/v1/images/1")
    told = [json.loads(line) for line in log.read_text().splitlines()]
    (request,) = [one for one in told if one["logger"] == "enfilade.access"]
    assert (request["path"], request["status"], request["method"]) == ("/api/v1/images/1", 200, "GET")
    assert request["milliseconds"] > 0
    assert request["request_id"]


def test_a_setting_that_makes_no_sense_is_named(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENFILADE_MAX_UPLOAD", "much")
    with pytest.raises(AssertionError, match="ENFILADE_MAX_UPLOAD"):
        run_command(own_home, "serve", "--port", "0")


def test_what_was_answered_is_logged_before_the_server_ends(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENFILADE_QUERY_LOG", "on")
    with embedded.lease(own_home) as url:
        with serving(own_home) as served:
            for _ in range(5):
                assert served.get("/api/v1/images/1/neighbours").status == 200
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT operation FROM enfilade.query_log").fetchall() == [("neighbours",)] * 5
