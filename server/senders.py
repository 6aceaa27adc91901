"""Clients that take their time: whoever sends, or takes, too slowly is cut off. Knows no HTTP."""

import errno
import math
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["Client", "LateError", "Senders"]

TAKING_SECONDS: Final = 30.0
"""How long a client may take for a piece of its answer."""


class LateError(ConnectionResetError):
    """A client did not send or take in time. An error that gunicorn takes for the client's leaving."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "the client took too long")


class Client(socket.socket):
    """A client's connection, on which nobody waits for longer than until its deadline (on time.monotonic's clock)."""

    deadline = math.inf
    address = ""
    """Where it comes from."""
    late = False
    """Whether something did not arrive in time."""
    heard = False
    answered = False
    """Whether anything was received, or sent, since a request was waited for."""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive, and raise LateError once the deadline is over."""
        if self.gettimeout() == 0:  # the poller asked
            return super().recv(size, flags)
        self._bound()
        try:
            received = super().recv(size, flags)
        except TimeoutError as error:
            self.late = True
            raise LateError from error
        if self.late:
            raise LateError
        self.heard = self.heard or bool(received)
        return received

    def sendall(self, sent: "ReadableBuffer", flags: int = 0, /) -> None:
        """Send all, and raise LateError where the client does not take it."""
        self.answered = True
        if self.gettimeout() == 0:
            super().sendall(sent, flags)
            return
        self.settimeout(TAKING_SECONDS)
        try:
            super().sendall(sent, flags)
        except TimeoutError as error:
            raise LateError from error

    def setblocking(self, flag: bool, /) -> None:  # noqa: FBT001 — as socket has it
        """Do as socket does; nothing where it is closed, since gunicorn sets it once more then."""
        if self.fileno() >= 0:
            super().setblocking(flag)

    def cut(self) -> None:
        """Wake up whoever waits for its bytes, or for it to take some, to find that it is late."""
        self.late = True
        with suppress(OSError):  # it left by itself
            self.shutdown(socket.SHUT_RDWR if self.answered else socket.SHUT_RD)

    def _bound(self) -> None:
        left = min(self.deadline - time.monotonic(), self.gettimeout() or math.inf)
        if self.late or left <= 0:
            self.late = True
            raise LateError
        if left < math.inf:
            self.settimeout(left)


class Senders:
    """Those that are waited for in one process, at most so many: one more, and one of them is cut off.

    It is the first of the address that has most. So senders who keep a server waiting make room for any that come after
    them, and never fill it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waited_for: dict[Client, None] = {}  # the longest at it first
        self._lock = Lock()

    @contextmanager
    def waiting(self, client: Client, seconds: float) -> Iterator[None]:
        """Wait for what a client sends, for so long at most."""
        client.deadline = time.monotonic() + seconds
        with self._lock:
            if len(self._waited_for) >= self._most:
                most = Counter(one.address for one in self._waited_for).most_common(1)[0][0]
                first = next(one for one in self._waited_for if one.address == most)
                del self._waited_for[first]
                first.cut()
            self._waited_for[client] = None
        try:
            yield
        finally:
            self.done(client)

    def done(self, client: Client) -> None:
        """Wait no longer: it was heard, or given up."""
        with self._lock:
            self._waited_for.pop(client, None)
