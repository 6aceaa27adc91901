"""`enfilade serve`: the collection in a browser, and over HTTP."""

from dataclasses import replace

import click

from enfilade.settings import ServerSettings, Settings

__all__ = ["command"]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for any that is free."
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes; by default ENFILADE_WORKERS, or 2.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 256), help="Threads of each process.")
def command(host: str, port: int, workers: int | None, threads: int) -> None:
    """Serve the collection: pages for people, an API for programs (see /docs).

    Prints the URL once it answers. Ctrl-C ends it when what is under way is done.
    """
    from server.serving import serve  # noqa: PLC0415 — so that --help is quick

    server = ServerSettings.from_environment()
    serve(
        Settings.from_environment(),
        host,
        port,
        server=replace(server, workers=workers) if workers else server,
        threads=threads,
    )
