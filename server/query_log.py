"""Write the log of queries beside the answers, in a thread and a connection of its own. Knows no HTTP.

An answer neither waits for its row nor fails with it: rows wait in a queue of bounded length, and are written together
once a second. What finds the queue full, or the database away, is lost, and /metrics counts it.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from enfilade.database import connect_engine
from enfilade.queries.log import Query, delete_queries, write_queries
from server.metrics import count_logged

__all__ = ["QueryLog"]

ROOM: Final = 2000
"""Rows that wait at most, some hundred bytes each."""
PAUSE: Final = 1.0
DELETING: Final = 3600.0
"""Seconds from one look for old rows to the next."""
CLOSING: Final = 5.0
Subject = TypeVar("Subject")
_log = logging.getLogger("enfilade.query_log")


class QueryLog:
    """Takes rows from any thread; url: the database's, whose user may write there."""

    def __init__(self, url: str, days: int, *, room: int = ROOM) -> None:
        self._engine = connect_engine(url, pool_size=1)
        self._days = days
        self._waiting: Queue[Query] = Queue(room)
        self._ended = Event()
        self._thread: Thread | None = None
        self._lock = Lock()
        self._failing = False

    def add(self, query: Query) -> None:
        """Leave a row to be written, at once and without fail."""
        try:
            self._waiting.put_nowait(query)
        except Full:
            count_logged("dropped", 1)
        if self._thread is None:
            self._start()

    def close(self, seconds: float = CLOSING) -> None:
        """Write what waits, for so many seconds at most, and end."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(seconds)
        self._engine.dispose()

    def _start(self) -> None:
        with self._lock:  # not before the first row: threads do not survive the fork of a worker
            if self._thread is None and not self._ended.is_set():
                self._thread = Thread(target=self._run, daemon=True, name="query log")
                self._thread.start()

    def _run(self) -> None:
        ended, delete_at = False, 0.0
        while not ended:
            ended = self._ended.wait(PAUSE)
            if rows := self._take():
                count_logged("written" if self._done(write_queries, rows) else "failed", len(rows))
            if time.monotonic() >= delete_at:
                self._done(delete_queries, self._days)
                delete_at = time.monotonic() + DELETING

    def _take(self) -> list[Query]:
        rows: list[Query] = []
        with suppress(Empty):
            while len(rows) < self._waiting.maxsize:
                rows.append(self._waiting.get_nowait())
        return rows

    def _done(self, change: Callable[[Connection, Subject], object], subject: Subject) -> bool:
        """Change something in a transaction; tell whether that was done. Only the first failure of several is told."""
        try:
            with self._engine.begin() as connection:
                change(connection, subject)
        except SQLAlchemyError as error:
            if not self._failing:
                _log.warning("the log of queries could not be written: %s", str(error).split("\n", 1)[0])
            self._failing = True
        else:
            self._failing = False
        return not self._failing
