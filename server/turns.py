"""Uploads of one address are answered in turn, so that whoever sends many keeps only himself waiting. Knows no HTTP."""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import IO, Final

from server.errors import TooManyUploadsError

__all__ = ["Turns"]

PLACES: Final = 1024
"""Addresses that have turns of their own; of more, some share theirs."""
WAITING: Final = 16
"""Uploads of an address that one process lets wait; each holds a thread."""
RETRY_SECONDS: Final = 1.0


class Turns:
    """Half of the processors for an address, at least one, among all processes that name the same folder.

    A file stands for a turn, locked while it is taken: a process that dies gives back what it had.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._at_once = max(1, (os.cpu_count() or 1) // 2)
        self._waiting = Counter[str]()
        self._lock = Lock()

    @contextmanager
    def of(self, address: str) -> Iterator[None]:
        """Wait for a turn, and hold it. Raises TooManyUploadsError where as many wait already as may."""
        with self._lock:
            if self._waiting[address] >= WAITING:
                raise TooManyUploadsError(RETRY_SECONDS)
            self._waiting[address] += 1
        try:
            turn = self._take(address)
        finally:
            with self._lock:
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]
        with turn:  # closed, it is given back
            yield

    def _take(self, address: str) -> IO[bytes]:
        place = int.from_bytes(blake2b(address.encode(), digest_size=8).digest()) % PLACES
        for turn in range(self._at_once):
            file = self._open(place, turn)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return file
        file = self._open(place, os.getpid() % self._at_once)
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _open(self, place: int, turn: int) -> IO[bytes]:
        return (self._folder / f"turn-{place}-{turn}").open("ab")
