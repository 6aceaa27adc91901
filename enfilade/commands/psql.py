"""`enfilade psql`: SQL on the collection."""

import subprocess

import click

from enfilade import embedded
from enfilade.database import open_database, server_url
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
    with open_database(settings), server_url(settings) as url:
        done = subprocess.run([embedded.program("psql"), url, *arguments], check=False)
    context.exit(done.returncode)
