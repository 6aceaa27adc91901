"""Share the embedded server between commands: the first starts it, the last stops it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from enfilade.embedded.server import Server
from enfilade.errors import DatabaseInUseError

__all__ = ["keep_running", "lease", "stop"]

OTHER_CLIENTS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@contextmanager
def lease(home: Path) -> Iterator[str]:
    """Give the URL of a running server, and stop it afterwards if nobody else is connected.

    A connection held throughout tells other commands that we are here; it goes when we are killed. A server that
    a killed command left running is stopped by the next command to end. Raises EmbeddedDatabaseError.
    """
    server = Server(home)
    with _lock(home):
        server.start()
        presence = psycopg.connect(server.url, autocommit=True, application_name="enfilade")
    try:
        yield server.url
    finally:
        with _lock(home):
            presence.close()
            if not _kept(home).exists() and _is_unused(server):
                server.stop()


def keep_running(home: Path) -> None:
    """Leave the server running when commands end, until stop()."""
    _kept(home).touch()


def stop(home: Path, *, force: bool = False) -> bool:
    """Stop the server; tell whether one was running.

    Raises DatabaseInUseError while others are connected, unless force ends their connections.
    """
    server = Server(home)
    with _lock(home):
        if not server.answers():
            _kept(home).unlink(missing_ok=True)
            return False
        if not force and (others := _count_others(server)):
            raise DatabaseInUseError(others)
        _kept(home).unlink(missing_ok=True)
        server.stop()
        return True


def _kept(home: Path) -> Path:
    return home / "keep-running"


def _is_unused(server: Server) -> bool:
    try:
        return _count_others(server) == 0
    except psycopg.OperationalError:  # it was stopped under us
        return False


def _count_others(server: Server) -> int:
    """Count the connections of others; one that was closed just now is given a moment to go."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for _ in range(20):
            row = connection.execute(OTHER_CLIENTS).fetchone()
            others = int(row[0]) if row else 0
            if not others:
                break
            time.sleep(0.02)
        return others


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    # Not inherited by the programs we start, so the kernel drops the lock with us, however we end.
    descriptor = os.open(home / "database.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
