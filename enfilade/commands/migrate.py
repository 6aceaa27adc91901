"""`enfilade migrate`: bring another database's tables up to this version."""

import click

from enfilade.database import open_database
from enfilade.settings import Settings
from migrations import HEAD

__all__ = ["command"]


@click.command("migrate")
def command() -> None:
    """Bring the tables of the database at DATABASE_URL to this version; the embedded one needs no asking."""
    with open_database(Settings.from_environment(), migrating=True):
        click.echo(f"The tables are those of revision {HEAD}.", err=True)
