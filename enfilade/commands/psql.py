"""`enfilade psql`: SQL on the collection."""

import signal
import subprocess
from os import environ

import click

from enfilade import embedded
from enfilade.database import open_database
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("psql", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS, after `--`, are psql's own.

    For example: enfilade psql -- -c "SELECT * FROM enfilade.neighbours(1)"
    """
    settings = Settings.from_environment()
    with open_database(settings) as engine:
        # The password goes by the environment, since everybody may read a command line.
        address = engine.url.set(drivername="postgresql", password=None).render_as_string()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C cancels psql's query, not psql
        command_line = [str(embedded.program("psql")), address, *arguments]
        if engine.url.password:
            environ["PGPASSWORD"] = str(engine.url.password)
        done = subprocess.run(command_line, check=False)
    context.exit(done.returncode)
