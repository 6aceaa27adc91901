"""One server for all commands, whoever is killed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from enfilade import embedded
from enfilade.embedded.server import Server
from enfilade.errors import DatabaseInUseError, EmbeddedDatabaseError

HOLD = """
import sys, time
from pathlib import Path
from enfilade import embedded
with embedded.lease(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="enfilade-test-") as name:
        yield Path(name)


@pytest.fixture
def own_home(folder: Path) -> Iterator[Path]:
    home = folder / "home"
    yield home
    if home.exists():
        embedded.stop(home, force=True)


@pytest.fixture
def hold(own_home: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """Start a process that leases the server for so many seconds."""
    started: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(own_home), str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_a_server_starts_with_the_first_and_stops_with_the_last(own_home: Path) -> None:
    with embedded.lease(own_home) as first:
        with embedded.lease(own_home) as second:
            assert first == second
            assert ask(first, "SELECT 1") == 1
        assert Server(own_home).answers()
    assert not Server(own_home).answers()


def test_many_commands_at_once_share_one_server(own_home: Path, hold: Callable[[float], subprocess.Popen[str]]) -> None:
    processes = [hold(1) for _ in range(5)]
    with ThreadPoolExecutor(5) as executor:
        urls = list(executor.map(lambda process: process.communicate()[0].strip(), processes))
    assert len(set(urls)) == 1
    assert [process.returncode for process in processes] == [0] * 5
    assert not Server(own_home).answers()


def test_the_next_command_to_end_stops_what_a_killed_one_left(
    own_home: Path, hold: Callable[[float], subprocess.Popen[str]]
) -> None:
    process = hold(60)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.wait()
    assert Server(own_home).answers()
    with embedded.lease(own_home) as url:
        assert ask(url, "SELECT 1") == 1
    assert not Server(own_home).answers()


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.25, 0.35, 0.5, 0.7])
def test_a_command_killed_in_its_first_second_harms_no_later_one(
    own_home: Path, hold: Callable[[float], subprocess.Popen[str]], delay: float
) -> None:
    process = hold(60)
    while not own_home.exists():
        time.sleep(0.01)
    time.sleep(delay)
    process.kill()
    process.wait()
    with embedded.lease(own_home) as url:
        assert ask(url, "SELECT 1") == 1
    assert not Server(own_home).answers()
    assert not list(own_home.glob("postgres.partial-*"))


def test_a_server_that_crashed_is_started_again(own_home: Path) -> None:
    with embedded.lease(own_home) as url:
        ask(url, "SELECT 1")
        postmaster = int((own_home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        time.sleep(0.2)
        with embedded.lease(own_home) as again:
            assert ask(again, "SELECT 1") == 1
    assert not Server(own_home).answers()


def test_a_server_that_is_kept_outlives_commands_until_it_is_stopped(own_home: Path) -> None:
    with embedded.lease(own_home) as url:
        embedded.keep_running(own_home)
    assert ask(url, "SELECT 1") == 1
    assert embedded.stop(own_home)
    assert not Server(own_home).answers()
    assert not embedded.stop(own_home)


def test_stop_says_who_is_connected_unless_forced(own_home: Path) -> None:
    with embedded.lease(own_home):
        embedded.keep_running(own_home)
        with pytest.raises(DatabaseInUseError, match="1 other connection is open"):
            embedded.stop(own_home)
        assert embedded.stop(own_home, force=True)


def test_memory_settings_are_above_postgres_defaults(own_home: Path) -> None:
    with embedded.lease(own_home) as url, psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT name, setting::bigint > boot_val::bigint FROM pg_settings WHERE name IN"
            " ('shared_buffers', 'maintenance_work_mem', 'work_mem', 'effective_cache_size')"
        ).fetchall()
    assert len(rows) == 4
    assert all(above for _, above in rows), rows


def test_a_path_too_long_for_a_socket_works_all_the_same(folder: Path) -> None:
    home = folder / "a-very-long-name-indeed" / ("x" * 80)
    with embedded.lease(home) as url:
        assert ask(url, "SELECT 1") == 1


def test_a_path_with_spaces_and_quotes_works_all_the_same(folder: Path) -> None:
    with embedded.lease(folder / "l'art d'été %41") as url:
        assert ask(url, "SELECT 1") == 1


def test_a_cluster_of_another_version_is_refused_with_what_to_do(own_home: Path) -> None:
    with embedded.lease(own_home):
        pass
    made_by = (own_home / "postgres" / "PG_VERSION").read_text()
    (own_home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"made by Postgres 12.*dump"), embedded.lease(own_home):
        pass
    (own_home / "postgres" / "PG_VERSION").write_text(made_by)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its database a user")
def test_private_parents_stay_private_to_everybody_else(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    with embedded.lease(private / "home") as url:
        assert ask(url, "SELECT 1") == 1
    assert not private.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH)
