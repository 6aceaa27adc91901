"""Slow senders, senders of nonsense and senders without end, over real sockets: each is refused, and others are not."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from server.worker import SENDERS

HEADS: Final = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")
FORM: Final = "Content-Type: multipart/form-data; boundary=b\r\n"
BODY: Final = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nhello\r\n--b--\r\n'
POST: Final = f"POST /api/v1/search HTTP/1.1\r\nHost: here\r\n{FORM}"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> Any:  # noqa: ANN401 — JSON
        return json.loads(self.body)["type"].removeprefix("/problems/")


@pytest.fixture(scope="module")
def address(home: Path, make_database: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401
    """A server of one worker with two turns, over an empty collection, that gives a body two seconds."""
    given = {"ENFILADE_HOME": str(home), "DATABASE_URL": make_database(), "ENFILADE_UPLOAD_SECONDS": "2"}
    words = [sys.executable, "-m", "enfilade", "serve", "--port", "0", "--workers", "1", "--threads", "2"]
    with subprocess.Popen(words, env=os.environ | given, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        host, port = process.stdout.readline().strip().removeprefix("http://").rstrip("/").split(":")
        try:
            yield host, int(port)
        finally:
            process.terminate()
            process.wait(timeout=60)


def listen(connection: socket.socket) -> Answer:
    """Read one answer."""
    with connection.makefile("rb") as file:
        status = int(file.readline().split()[1])
        headers = {}
        while line := file.readline().strip():
            name, value = line.decode("latin-1").split(": ", 1)
            headers[name] = value
        return Answer(status, headers, file.read(int(headers["Content-Length"])))


def ask(address: tuple[str, int], sent: str | bytes) -> Answer:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(sent.encode() if isinstance(sent, str) else sent)
        return listen(connection)


def well_sent() -> bytes:
    return f"{POST}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


def test_a_body_that_is_sent_too_slowly_is_refused_as_a_problem(address: tuple[str, int]) -> None:
    began = time.monotonic()
    answer = ask(address, f"{POST}Content-Length: {len(BODY)}\r\n\r\n--b")
    assert (answer.status, answer.type) == (408, "too-slow")
    assert 1.5 < time.monotonic() - began < 5


def test_a_body_that_trickles_has_no_more_time_than_one_that_stops(address: tuple[str, int]) -> None:
    began = time.monotonic()
    with socket.create_connection(address, timeout=0.1) as connection:
        connection.sendall(f"{POST}Content-Length: 1000\r\n\r\n".encode())
        while time.monotonic() - began < 10:
            connection.send(b"-")
            try:
                connection.recv(1, socket.MSG_PEEK)
            except TimeoutError:
                continue
            break
        connection.settimeout(5)
        assert listen(connection).type == "too-slow"
    assert time.monotonic() - began < 5


def test_a_head_that_is_sent_too_slowly_is_refused_as_a_problem(address: tuple[str, int]) -> None:
    answer = ask(address, "GET / HTTP/1.1\r\nHost: he")
    assert (answer.status, answer.type) == (408, "too-slow")
    assert set(HEADS) <= answer.headers.keys()


def test_slow_senders_keep_nobody_else_waiting(address: tuple[str, int]) -> None:
    slow = (
        f"{POST}Content-Length: 1000\r\n\r\n--b",
        "GET / HTTP/1.1\r\nHo",
        "",
        f"GET / HTTP/1.1\r\n{FORM}Content-Length: 9\r\n\r\n",
    )
    with ExitStack() as held:
        for place in range(200):
            connection = held.enter_context(socket.create_connection(address, timeout=20))
            connection.sendall(slow[place % len(slow)].encode())
        for _ in range(5):
            began = time.monotonic()
            assert ask(address, "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").status == 200
            assert ask(address, well_sent()).type == "refused-image"
            assert time.monotonic() - began < 1


def test_the_longest_at_it_makes_room_for_those_who_come_after(address: tuple[str, int]) -> None:
    began = time.monotonic()
    with ExitStack() as held:
        connections = []
        for _ in range(SENDERS + 10):
            connections.append(held.enter_context(socket.create_connection(address, timeout=20)))
            connections[-1].sendall(f"{POST}Content-Length: 1000\r\n\r\n--b".encode())
            time.sleep(0.005)
        assert listen(connections[0]).type == "too-slow"
        assert time.monotonic() - began < 1.9


def test_a_length_over_the_limit_is_refused_before_anything_is_sent(address: tuple[str, int]) -> None:
    began = time.monotonic()
    answer = ask(address, f"{POST}Content-Length: 1000000000\r\n\r\n")
    assert (answer.status, answer.type) == (413, "too-large")
    assert time.monotonic() - began < 1


def test_chunks_without_end_are_refused_once_they_are_too_many(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode())
        sent, chunk = 0, b"100000\r\n" + bytes(2**20) + b"\r\n"
        connection.sendall(b"5\r\n--b\r\n\r\n")
        try:
            while sent < 100:
                connection.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert sent < 100
        try:
            assert listen(connection).status == 413
        except OSError:
            assert sent >= 20  # it was closed before it heard why


@pytest.mark.parametrize(
    "chunks", ["zz\r\nhello\r\n0\r\n\r\n", "5\r\nhelloworld\r\n", "5;a=\x01\r\nhello\r\n", "0\r\nbad trailer\r\n\r\n"]
)
def test_chunks_that_are_none_are_refused_as_a_problem(address: tuple[str, int], chunks: str) -> None:
    answer = ask(address, f"{POST}Transfer-Encoding: chunked\r\n\r\n{chunks}")
    assert (answer.status, answer.type) == (400, "unreadable-body")


@pytest.mark.parametrize(
    "sent",
    [
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nbad header\r\n\r\n",
        f"{POST}Content-Length: x\r\n\r\n",
        f"{POST}Content-Length: -1\r\n\r\n",
        f"{POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "A: b\r\n" * 200 + "\r\n",
        f"{POST}Content-Length: 5\r\n\r\nhello",
        f"{POST}Content-Length: 0\r\n\r\n",
        "GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n",
    ],
)
def test_every_refusal_is_of_the_senders_making_and_tells_browsers_to_allow_nothing(
    address: tuple[str, int], sent: str
) -> None:
    answer = ask(address, sent)
    assert 400 <= answer.status < 500
    assert set(HEADS) <= answer.headers.keys()


def test_a_sender_that_leaves_in_the_midst_leaves_nothing_behind(address: tuple[str, int]) -> None:
    for _ in range(20):
        with socket.create_connection(address) as connection:
            connection.sendall(f"{POST}Content-Length: 1000\r\n\r\n--b".encode())
    assert ask(address, well_sent()).type == "refused-image"


def test_a_connection_answers_one_after_the_other(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        for _ in range(3):
            connection.sendall(well_sent())
            assert listen(connection).type == "refused-image"
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            assert listen(connection).status == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
@pytest.mark.parametrize("route", ["/search", "/api/v1/search", "/api/v1/paths"])
def test_what_brings_no_picture_may_be_short_alone(address: tuple[str, int], route: str, kind: str) -> None:
    head = f"POST {route} HTTP/1.1\r\nHost: here\r\nContent-Type: {kind}\r\n"
    answer = ask(address, f"{head}Content-Length: {2**20}\r\n\r\n".encode() + b"a=&1" * 2**18)
    assert answer.status in {413, 415}
    pieces = b"".join(b"ffff\r\n" + b"[],a=" * 13107 + b"\r\n" for _ in range(16)) + b"0\r\n\r\n"
    answer = ask(address, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + pieces)
    assert answer.status in {400, 413, 415}  # what is read of it may be no JSON


def test_the_name_of_a_form_with_files_is_read_in_any_case(address: tuple[str, int]) -> None:
    sent = well_sent().replace(b"multipart/form-data", b"Multipart/Form-Data")
    assert ask(address, sent).type == "refused-image"


def test_those_who_take_slowly_keep_nobody_else_waiting(address: tuple[str, int]) -> None:
    with ExitStack() as held:
        for _ in range(80):
            connection = socket.socket()
            held.enter_context(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(address)
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: here\r\n\r\n" * 40)
        for _ in range(3):
            began = time.monotonic()
            assert ask(address, "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n").status == 200
            assert time.monotonic() - began < 10
