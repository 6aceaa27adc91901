"""A web of our own on loopback: names that stand for what a test says, and servers that answer as strangers may."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Route = bytes | Callable[["_Answer"], None]

lookup = socket.getaddrinfo
connect = socket.socket.connect


class Web:
    """Names, and which loopback server stands in for a public address. What is dialled is kept; none other is let out.

    names: what each name stands for, one list of addresses for each time it is asked; the last counts from then on.
    """

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.stand_ins: dict[tuple[str, int], tuple[str, int]] = {}
        self.dialled: list[tuple[str, int]] = []
        self.asked: list[str] = []

    def getaddrinfo(self, host: str, port: int, **options: Any) -> list[Any]:  # noqa: ANN401
        """Answer as socket.getaddrinfo does, of names from here alone."""
        self.asked.append(host)
        times = self.names.get(host.rstrip(".").lower())
        if times is None:
            return lookup(host, port, **options, flags=socket.AI_NUMERICHOST)
        addresses = times.pop(0) if len(times) > 1 else times[0]
        return [one for address in addresses for one in lookup(address, port, **options, flags=socket.AI_NUMERICHOST)]

    def connect(self, connection: socket.socket, address: Any) -> None:  # noqa: ANN401
        """Connect as socket.socket.connect does, to loopback alone."""
        place = (str(address[0]), int(address[1]))
        self.dialled.append(place)
        if place in self.stand_ins:
            connect(connection, self.stand_ins[place])
        elif place[0] in {"127.0.0.1", "::1"}:
            connect(connection, address)
        else:
            raise ConnectionRefusedError("nothing of a test goes out")


class Stranger(socketserver.ThreadingTCPServer):
    """Answers each path with the bytes or by the function that is under it, and keeps the heads of all requests."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, routes: dict[str, Route]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.routes = routes
        self.heads: list[str] = []
        self.ended = threading.Event()

    @property
    def place(self) -> tuple[str, int]:
        """The address and port that it listens at."""
        return self.server_address[0], self.server_address[1]  # type: ignore[return-value]


class _Answer(socketserver.StreamRequestHandler):
    server: Stranger

    def handle(self) -> None:
        with suppress(OSError):
            head = b""
            while (line := self.rfile.readline()) not in {b"\r\n", b""}:
                head += line
            self.server.heads.append(head.decode("latin-1"))
            route = self.server.routes.get(head.split(b" ")[1].decode("latin-1"), ok(b"", status=404))
            self.wfile.write(route) if isinstance(route, bytes) else route(self)


@contextmanager
def serving(routes: dict[str, Route]) -> Iterator[Stranger]:
    """Serve some routes on a free port of loopback."""
    with Stranger(routes) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def ok(body: bytes, *headers: str, status: int = 200) -> bytes:
    """An answer with its length."""
    lines = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return ok(b"", f"Location: {location}", status=status)


def endless(piece: bytes, seconds: float = 0.0, begin: bytes = b"") -> Callable[["_Answer"], None]:
    """A beginning, and then a piece again and again, so many seconds apart."""

    def answer(handler: _Answer) -> None:
        handler.wfile.write(begin)
        while not handler.server.ended.wait(seconds):
            handler.wfile.write(piece)

    return answer
