"""How a worker and its decoder talk: a head of JSON and a body of bytes each way. Knows no pictures.

Each side believes no length that it did not allow: the decoder may have been taken over by a file.
"""

import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

__all__ = ["Channel", "GarbledError"]

_LENGTHS = struct.Struct("!IQ")
_LARGEST_HEAD = 16 * 2**10
_AT_ONCE = 2**20


class GarbledError(Exception):
    """What came is no message, or larger than was allowed."""


class Channel:
    """A socket over which messages go. All raise OSError where the other side is gone, TimeoutError where it is late.

    until: on the clock of time.monotonic; None waits for ever.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def send(self, head: Mapping[str, Any], body: bytes = b"", *, until: float | None = None) -> None:
        """Send a message."""
        told = json.dumps(head).encode()
        for part in (_LENGTHS.pack(len(told), len(body)), told, body):
            self._wait(until)
            self._socket.sendall(part)

    def receive(self, at_most: int, *, until: float | None = None) -> tuple[dict[str, Any], bytes]:
        """Receive a message whose body has at most so many bytes. Raises GarbledError."""
        head_length, length = _LENGTHS.unpack(self._read(_LENGTHS.size, until))
        if head_length > _LARGEST_HEAD or length > at_most:
            raise GarbledError
        try:
            head = json.loads(self._read(head_length, until))
        except (ValueError, RecursionError) as error:
            raise GarbledError from error
        if not isinstance(head, dict):
            raise GarbledError
        return head, self._read(length, until)

    def close(self) -> None:
        """Close it, which the other side takes for the end."""
        self._socket.close()

    def _read(self, length: int, until: float | None) -> bytes:
        parts, missing = [], length
        while missing:
            self._wait(until)
            part = self._socket.recv(min(missing, _AT_ONCE))
            if not part:
                raise ConnectionResetError
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _wait(self, until: float | None) -> None:
        if until is None:
            return
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
