"""What becomes of a server's processes while it is measured, as Linux tells it in /proc."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

__all__ = ["Watch"]

PAGE = os.sysconf("SC_PAGE_SIZE")


class Watch:
    """Watches the processes below one."""

    def __init__(self, master: int) -> None:
        self._master = master
        self.peak_mb = 0.0
        """The most memory that all of them held at a moment; what they share counts for each."""

    def workers(self) -> set[int]:
        """Give the children of the server: its workers."""
        return {pid for pid, parent in _parents().items() if parent == self._master and _is_python(pid)}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at their memory twice a second meanwhile."""
        done = Event()

        def look() -> None:
            while not done.wait(0.5):
                self.peak_mb = max(self.peak_mb, round(sum(map(_resident, self._below())) / 2**20, 1))

        thread = Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _below(self) -> set[int]:
        workers = self.workers()
        return workers | {pid for pid, parent in _parents().items() if parent in workers}


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended meanwhile
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return parents


def _is_python(pid: int) -> bool:
    with suppress(OSError):
        return b"serve" in (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
    return False


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int((Path("/proc") / str(pid) / "statm").read_text().split()[1]) * PAGE
    return 0
