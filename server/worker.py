"""A gunicorn worker that ends where it should, leaves Ctrl-C to the master, and refuses in JSON."""

import json
import os
import signal
import socket
import sys
from contextlib import suppress

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from server.problems import MEDIA_TYPE, PROBLEMS

__all__ = ["BOOT_FAILED", "Worker"]

BOOT_FAILED = 3  # gunicorn's Arbiter.WORKER_BOOT_ERROR: the master gives up


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

    def init_signals(self) -> None:
        """Ignore Ctrl-C, which the terminal sends to every process: the master tells the workers to finish."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def write_problem(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Refuse what is not well-formed HTTP, before any route sees it, as a problem instead of gunicorn's HTML."""
    problem = PROBLEMS["request-refused" if status_int < 500 else "server-error"]  # noqa: PLR2004
    told = {"type": f"/problems/{problem.slug}", "title": problem.title, "status": status_int, "detail": mesg}
    body = json.dumps(told).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"X-Content-Type-Options: nosniff\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


util.write_error = write_problem  # gunicorn has no hook for it
