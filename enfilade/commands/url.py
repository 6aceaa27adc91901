"""`enfilade url`: where the database is, for other programs."""

import click

from enfilade import embedded
from enfilade.database import open_database
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("url")
def command() -> None:
    """Print the database's URL, for psql, a notebook or a BI tool.

    The embedded database is left running, until `enfilade stop`.
    """
    settings = Settings.from_environment()
    with open_database(settings) as engine:
        if not settings.database_url:
            embedded.keep_running(settings.home)
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    click.echo(url)
