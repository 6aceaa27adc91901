"""Uploads of one address are answered in turn, so that whoever sends many keeps only himself waiting. Knows no HTTP."""

import fcntl
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import IO, Final

from server.errors import TooManyUploadsError
from server.limiting import household

__all__ = ["Turns"]

PLACES: Final = 1024
"""Addresses that have turns of their own; of more, some share theirs."""
WAITING: Final = 12
"""Uploads of an address that one process lets wait; each holds a thread."""
WAITING_IN_ALL: Final = 32
RETRY_SECONDS: Final = 1.0
RECENTLY: Final = 2.0
"""Seconds for which an address counts as sending, too, after its latest upload was answered."""
LONGEST_REST: Final = 5.0


class Turns:
    """All processors for an address that is alone, and half of them for each while several send.

    And then half of the time, too: after an upload an address rests for as long as that took, within reason. That holds
    among all processes that name the same folder: a file stands for a turn, locked while it is taken, so that a process
    that dies gives back what it had; its time is that until which the address rests.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processors = os.cpu_count() or 1
        self._waiting = Counter[int]()
        self._lock = Lock()

    @contextmanager
    def of(self, address: str) -> Iterator[None]:
        """Wait for a turn, and hold it. Raises TooManyUploadsError where as many wait already as may."""
        place = int.from_bytes(blake2b(household(address), digest_size=8).digest()) % PLACES
        with self._lock:
            if self._waiting[place] >= WAITING or self._waiting.total() >= WAITING_IN_ALL:
                raise TooManyUploadsError(RETRY_SECONDS)
            self._waiting[place] += 1
        try:
            turn = self._take(place)
        finally:
            with self._lock:
                self._waiting[place] -= 1
                if not self._waiting[place]:
                    del self._waiting[place]
        with turn:  # closed, it is given back
            self._rest(turn, place)
            began = time.time()
            os.utime(turn.name, (began, began))  # it sends, however long this takes
            try:
                yield
            finally:
                ended = time.time()
                os.utime(turn.name, (ended, ended + min(ended - began, LONGEST_REST)))

    def _take(self, place: int) -> IO[bytes]:
        at_once = max(1, self._processors // 2) if self._others_send(place) else self._processors
        for turn in range(at_once):
            file = self._open(place, turn)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return file
        file = self._open(place, os.getpid() % at_once)
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _rest(self, turn: IO[bytes], place: int) -> None:
        rest = os.fstat(turn.fileno()).st_mtime - time.time()
        if rest > 0 and self._others_send(place):
            time.sleep(min(rest, LONGEST_REST))

    def _others_send(self, place: int) -> bool:
        since = time.time() - RECENTLY
        own = f"turn-{place}-"
        turns = [turn for turn in self._folder.glob("turn-*") if not turn.name.startswith(own)]
        return any(turn.stat().st_mtime > since for turn in turns)

    def _open(self, place: int, turn: int) -> IO[bytes]:
        return (self._folder / f"turn-{place}-{turn}").open("ab")
