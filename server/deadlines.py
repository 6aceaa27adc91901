"""A moment by which something must be done, and reading from a socket until then. Knows no HTTP."""

import io
import socket
import time
from typing import Any, BinaryIO

__all__ = ["Deadline", "Reading"]


class Deadline:
    """So many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self, most: float = float("inf")) -> float:
        """Give the seconds that are left, at most so many. Raises TimeoutError where there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return min(seconds, most)


class _Raw(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 — any writable buffer
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)


class Reading:
    """A socket as http.client.HTTPResponse wants it, whose every read ends by the deadline.

    A socket's own time-out begins anew with each byte, and so never ends for one who sends a byte a second.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._raw = _Raw(connection, deadline)

    def makefile(self, _mode: str) -> BinaryIO:
        """Give the one file to read from."""
        return io.BufferedReader(self._raw)
