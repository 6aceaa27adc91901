"""`enfilade stop`: end the embedded database."""

import click

from enfilade import embedded
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("stop")
@click.option("--force", is_flag=True, help="Even while others are connected.")
def command(*, force: bool) -> None:
    """Stop the embedded database that `enfilade url` left running."""
    settings = Settings.from_environment()
    if settings.database_url:
        click.echo("DATABASE_URL names a database that Enfilade did not start; it is left alone.", err=True)
        return
    stopped = embedded.stop(settings.home, force=force)
    click.echo("Stopped." if stopped else "It was not running.", err=True)
