"""`enfilade demo`: paint a collection, take it in, and show it."""

import os
import socket
import sys

import click

from enfilade.settings import Settings
from ingest.commands.ingest import summary
from ingest.commands.writing import writing
from ingest.pipeline import ingest
from ingest.sources.manifest import Manifest
from ingest.studio import catalogue, paint_collection

__all__ = ["command"]

USUAL_PORT = 8000


@click.command("demo")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port to serve on; by default 8000, or any if it is taken."
)
@click.option("--no-serve", is_flag=True, help="Only paint and ingest.")
def command(port: int | None, *, no_serve: bool) -> None:
    """Paint a collection of our own, ingest it, and serve it.

    The same pictures on every machine; painting them again does nothing. `enfilade remove --source` with the manifest
    that it names takes them out again.
    """
    settings = Settings.from_environment()
    with writing(settings, "enfilade demo") as (engine, reporter):
        with reporter.stage("Paint", len(catalogue())) as advance:
            manifest = paint_collection(settings.home / "demo", on_painted=lambda: advance(1))
        report = ingest(engine, Manifest(manifest), settings.home, reporter)
        reporter.say(summary(report))
        reporter.say(f"To take these pictures out again: enfilade remove --source {manifest}")
        if no_serve:
            reporter.say("Now try: enfilade status; enfilade path 500 76; enfilade serve")
    if not no_serve:
        _serve(port)


def _serve(port: int | None) -> None:
    """Become `enfilade serve`: a process without the network that the ingest needed."""
    if port is None:
        port = USUAL_PORT if _is_free(USUAL_PORT) else 0
    os.execv(sys.executable, [sys.executable, "-m", "enfilade", "serve", "--port", str(port)])  # noqa: S606 — no shell


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
