"""Requests made to harm who answers them, over sockets of one's own: nothing here keeps to HTTP. Knows no files."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random

__all__ = ["CLOSED", "REQUESTS", "SLOW", "send", "upload"]

CLOSED = 0
"""The status of a request that was answered with nothing but the end of the connection."""
BOUNDARY = b"b0undary"
PATIENCE = 60.0
Address = tuple[str, int]
Pieces = Iterator[bytes | float]
"""What is sent, and for how many seconds nothing is."""


def send(address: Address, pieces: Pieces, source: str = "127.0.0.1") -> int:
    """Send a request piece by piece, from one of this machine's own addresses; gives the status of the answer."""
    with (
        suppress(OSError, ValueError, IndexError),
        socket.create_connection(address, timeout=PATIENCE, source_address=(source, 0)) as connection,
    ):
        with suppress(BrokenPipeError, ConnectionResetError):  # it was answered before all of it was sent
            for piece in pieces:
                if isinstance(piece, float):
                    time.sleep(piece)
                else:
                    connection.sendall(piece)
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])
    return CLOSED


def upload(file: bytes, space: str | None = None) -> Pieces:
    """Send a file as it ought to be sent."""
    body = _part(file) + (_field("space", space) if space else b"") + _end()
    yield _head(len(body)) + body


def _head(length: int | str, boundary: bytes = BOUNDARY, more: str = "") -> bytes:
    told = f"Content-Length: {length}\r\n" if length != "" else ""
    head = f"POST /api/v1/search HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{told}{more}Content-Type: "
    return head.encode() + b"multipart/form-data; boundary=" + boundary + b"\r\n\r\n"


def _part(file: bytes, name: str = 'name="file"; filename="../../a.jpg"') -> bytes:
    return b"--" + BOUNDARY + f"\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + file + b"\r\n"


def _field(name: str, value: str) -> bytes:
    return _part(value.encode(), f'name="{name}"')


def _end() -> bytes:
    return b"--" + BOUNDARY + b"--\r\n"


def _too_short(chance: Random, file: bytes) -> Pieces:
    body = _part(file) + _end()
    yield _head(chance.randrange(len(body))) + body


def _no_length(chance: Random, file: bytes) -> Pieces:
    yield _head(chance.choice(("x", "-1", "1e9", "99999999999999999999", "0x10", ""))) + _part(file) + _end()


def _too_long(_: Random, file: bytes) -> Pieces:
    body = _part(file) + _end()
    yield _head(len(body) + 10) + body


def _far_too_long(_: Random, file: bytes) -> Pieces:
    yield _head(10**10) + _part(file)


def _other_boundary(chance: Random, file: bytes) -> Pieces:
    body = _part(file) + _end()
    yield _head(len(body), chance.choice((b"another", b"", b'"', b"x" * 500, b"\xff\xfe"))) + body


def _nothing(chance: Random, _: bytes) -> Pieces:
    body = chance.choice((b"", _part(b"") + _end(), _part(b"", "") + _end(), _end(), _part(b"") * 100 + _end()))
    yield _head(len(body)) + body


def _chunked(chance: Random, file: bytes) -> Pieces:
    size = chance.choice((b"zz", b"-1", b"FFFFFFFFFFFFFFFFF", b"5;a=\x01", b"5"))
    yield _head("", more="Transfer-Encoding: chunked\r\n") + size + b"\r\n" + file[:100] + b"\r\n0\r\nbad\r\n\r\n"


def _slow_body(chance: Random, file: bytes) -> Pieces:
    body = _part(file) + _end()
    yield _head(len(body))
    for place in range(chance.randrange(20, 80)):
        yield body[place : place + 1]
        yield 0.25


def _slow_head(_: Random, file: bytes) -> Pieces:
    for byte in _head(len(file))[:60]:
        yield bytes([byte])
        yield 0.25


REQUESTS: dict[str, Callable[[Random, bytes], Pieces]] = {
    "length too short": _too_short,
    "no length": _no_length,
    "far too long": _far_too_long,
    "another boundary": _other_boundary,
    "nothing in it": _nothing,
    "bad chunks": _chunked,
}
SLOW: dict[str, Callable[[Random, bytes], Pieces]] = {
    "slow body": _slow_body,
    "slow head": _slow_head,
    "length too long": _too_long,
}
