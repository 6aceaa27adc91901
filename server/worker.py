"""A gunicorn worker that ends where it should, leaves Ctrl-C to the master, waits for nobody, and refuses in JSON."""

import errno
import json
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from server.headers import HEADERS
from server.problems import MEDIA_TYPE, PROBLEMS
from server.receiving import Receiving
from server.senders import Client, Senders
from server.turns import WAITING_IN_ALL, Turns

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["BOOT_FAILED", "MORE_THREADS", "SENDERS", "Worker"]

BOOT_FAILED = 3  # gunicorn's Arbiter.WORKER_BOOT_ERROR: the master gives up
SENDERS: Final = 48
"""Clients of one process that are waited for at a time."""
MORE_THREADS: Final = SENDERS + WAITING_IN_ALL + 8
"""Beside those that answer: one for each of these clients, and of those that wait for a turn, and some that see what
others want."""
HEAD_SECONDS: Final = 10.0
LINGER_SECONDS: Final = 2.0
FULL_SECONDS: Final = 0.05


class Worker(ThreadWorker):
    """One of the processes that answer, with several threads."""

    def init_process(self) -> None:
        """Answer until told to stop; never return into what the master has on its stack.

        The worker is a fork, and what the master would do on its way out, such as stopping the embedded database, is
        not for it to do.
        """
        code = BOOT_FAILED
        try:
            super().init_process()
            code = 0
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 0
        except Exception:
            self.log.exception("a worker failed")
            code = 1 if self.booted else BOOT_FAILED
        finally:
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def load_wsgi(self) -> None:
        """Let requests wait for their bodies outside of the app."""
        super().load_wsgi()
        self.senders = Senders(SENDERS)
        self.flask = app = cast("Flask", self.wsgi)
        self.head_seconds = min(HEAD_SECONDS, app.config["BODY_SECONDS"])
        self.wsgi = Receiving(  # type: ignore[assignment]
            app,
            self.senders,
            Turns(app.config["SHARED_FOLDER"]),
            at_once=self.cfg.threads - MORE_THREADS,
            most=2 * app.config["MAX_CONTENT_LENGTH"],  # a walk may be asked for with two pictures
            seconds=app.config["BODY_SECONDS"],
        )

    def accept(self, listener: Any) -> None:  # noqa: ANN401 — gunicorn's own kind of socket
        """Accept a client; where there are no descriptors left, later, and without ending."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            self.log.warning("no descriptor is left for another client")
            time.sleep(FULL_SECONDS)

    def enqueue_req(self, conn: TConn) -> None:
        """Bound the time that is spent on a connection, from its first request on."""
        if not isinstance(conn.sock, Client):
            conn.sock = Client(fileno=conn.sock.detach())
            conn.sock.address = str(conn.client[0]) if isinstance(conn.client, tuple) else ""
            conn.sock.settimeout(0)  # as it was
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401 — gunicorn's own marks
        """Read a request's head within a time and answer; where the connection ends, end it here.

        Not in the thread that accepts connections, as gunicorn does, which would wait for each in turn.
        """
        client = cast("Client", conn.sock)
        client.heard = client.answered = False
        with self.senders.waiting(client, self.head_seconds):
            kept = super().handle(conn)
        if kept is False:
            if client.late and client.heard and not client.answered:
                write_problem(client, HTTPStatus.REQUEST_TIMEOUT, "Request Timeout", PROBLEMS["too-slow"].meaning)
            with self.senders.waiting(client, LINGER_SECONDS):
                util.close_graceful(client, LINGER_SECONDS)
        return kept

    def run(self) -> None:
        """Answer until told to finish; then finish what is done beside the answers."""
        try:
            super().run()
        finally:
            self.flask.extensions["enfilade"].close()

    def init_signals(self) -> None:
        """Ignore Ctrl-C, which the terminal sends to every process: the master tells the workers to finish."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def write_problem(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Refuse what is not well-formed HTTP, before any route sees it, as a problem instead of gunicorn's HTML."""
    slug = "too-slow" if status_int == HTTPStatus.REQUEST_TIMEOUT else "request-refused"
    problem = PROBLEMS[slug if status_int < HTTPStatus.INTERNAL_SERVER_ERROR else "server-error"]
    told = {"type": f"/problems/{problem.slug}", "title": problem.title, "status": status_int, "detail": mesg}
    body = json.dumps(told).encode()
    headers = HEADERS | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    secured = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"{secured}Content-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


util.write_error = write_problem  # gunicorn has no hook for it
