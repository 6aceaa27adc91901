"""Write the log of queries beside the answers, in a thread and a connection of its own. Knows no HTTP.

An answer neither waits for its row nor fails with it: rows wait in a queue of bounded length, and are written together
once a second. What finds the queue full, or the database away, is lost, and /metrics counts it.
"""

import logging
import time
from queue import Empty, Full, Queue
from threading import Event, Lock, Thread
from typing import Final

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
        self._deleted_at = -DELETING
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
        ended = False
        while not ended:
            ended = self._ended.wait(PAUSE)
            rows = self._take()
            try:
                self._write(rows)
                self._failing = False
            except SQLAlchemyError as error:
                count_logged("failed", len(rows))
                if not self._failing:
                    _log.warning("the log of queries could not be written: %s", str(error).split("\n", 1)[0])
                self._failing = True

    def _take(self) -> list[Query]:
        rows: list[Query] = []
        try:
            while len(rows) < self._waiting.maxsize:
                rows.append(self._waiting.get_nowait())
        except Empty:
            pass
        return rows

    def _write(self, rows: list[Query]) -> None:
        if rows:
            with self._engine.begin() as connection:
                write_queries(connection, rows)
            count_logged("written", len(rows))
        if time.monotonic() - self._deleted_at >= DELETING:
            with self._engine.begin() as connection:
                delete_queries(connection, self._days)
            self._deleted_at = time.monotonic()
