"""The process: a gunicorn master that holds the database, and workers that each open their own way to it."""

import gc
import os
import resource
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from enfilade.database import open_database, server_url
from enfilade.errors import PortTakenError
from enfilade.settings import ServerSettings, Settings
from server.logs import configuration

__all__ = ["THREADS", "serve"]

THREADS = 8
GRACE_SECONDS = 30


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    server: ServerSettings | None = None,
    threads: int = THREADS,
) -> NoReturn:
    """Serve the collection until SIGTERM or Ctrl-C; then finish what is under way, and exit 0.

    Prints the URL once it answers; port 0 takes any that is free. Raises PortTakenError and what opening the database
    raises.
    """
    server = server or ServerSettings.from_environment()
    listener = _listen(host, port)
    with server_url(settings) as url, tempfile.TemporaryDirectory(prefix="enfilade-") as folder:
        with open_database(settings):  # migrates as needed, and refuses what is unfit
            pass
        # Before prometheus_client is imported, which looks once.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _Application(_factory(url, settings.home, server, Path(folder)), listener, server, threads).run()
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise PortTakenError(host, port, error.strerror or str(error)) from error


def _factory(url: str, home: Path, settings: ServerSettings, folder: Path) -> Callable[[], Flask]:
    """Import all that the app needs, once for all workers; what it gives is called in each of them."""
    from server.app import create_app  # noqa: PLC0415 — and with it prometheus_client
    from server.database import connect  # noqa: PLC0415
    from server.limiting import Limiter  # noqa: PLC0415

    limiter = Limiter(settings.rate_limit)  # in memory that the workers will share
    gc.freeze()  # what is imported stays, and the workers share it

    def make() -> Flask:
        return create_app(connect(url), home, settings, limiter=limiter, shared_folder=folder)

    return make


class _Application(BaseApplication):
    """gunicorn, configured here and nowhere else."""

    def __init__(
        self, make_app: Callable[[], Flask], listener: socket.socket, settings: ServerSettings, threads: int
    ) -> None:
        self._make_app = make_app
        self._url = _url(listener)
        self._descriptor = listener.detach()  # gunicorn owns it now, and closes it first when it stops
        self._settings = settings
        self._threads = threads
        super().__init__()

    def load_config(self) -> None:
        from server.worker import MORE_THREADS  # noqa: PLC0415 — and with it the problems
        from server.worker import Worker as OurWorker  # noqa: PLC0415

        options: dict[str, Any] = {
            "bind": f"fd://{self._descriptor}",
            "workers": self._settings.workers,
            "threads": self._threads + MORE_THREADS,
            "worker_class": OurWorker,
            "timeout": 120,  # for a worker that hangs; one whose threads are all busy still says that it lives
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 15,
            "worker_connections": max(64, min(1000, _descriptors() - 4 * self._threads - 128)),
            "limit_request_line": 8190,
            "logconfig_dict": configuration(self._settings.log),
            "forwarded_allow_ips": "",  # server.proxies does it
            "control_socket_disable": True,
            "post_worker_init": self._begin,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 — typed for ASGI too
        self._app = self._make_app()
        return self._app

    def run(self) -> None:
        _Arbiter(self).run()

    def _begin(self, worker: Worker) -> None:
        """Print the URL, once: the first worker answers, and the socket has been listening all along."""
        if worker.age > 1:
            return  # what the first one makes ready is there for all
        from server.warming import warm  # noqa: PLC0415 — and with it the compiler

        warm(self._app)
        if _health(self._app) == HTTPStatus.OK:
            click.echo(self._url)


def _descriptors() -> int:
    """Allow this process, and those that it starts, as many descriptors as the system does."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with suppress(OSError, ValueError):  # macOS allows less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _health(app: Flask) -> int:
    return app.test_client().get("/healthz").status_code


class _Arbiter(Arbiter):
    """The master, for whom Ctrl-C means what SIGTERM means: finish, then go."""

    def handle_int(self) -> None:
        raise StopIteration


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"
