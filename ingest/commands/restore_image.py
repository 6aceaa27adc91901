"""`enfilade restore-image`: undo a removal."""

from pathlib import Path

import click

from enfilade.commands.options import IMAGE_ID
from enfilade.settings import Settings
from ingest.commands.writing import writing
from ingest.pipeline import publish
from ingest.removal import hidden_images, show
from ingest.sources.naming import uri_of

__all__ = ["command"]


@click.command("restore-image")
@click.argument("ids", type=IMAGE_ID, nargs=-1, metavar="ID…")
@click.option("--source", type=click.Path(path_type=Path), help="Every removed image of this folder or manifest.")
@click.option("--all", "everything", is_flag=True, help="Every removed image.")
def command(ids: tuple[int, ...], source: Path | None, *, everything: bool) -> None:
    """Bring back removed images, and publish a graph with them."""
    if not (ids or source or everything):
        raise click.UsageError("Name the ids to bring back, a --source, or --all.")
    settings = Settings.from_environment()
    with writing(settings, "enfilade restore-image") as (engine, reporter):
        with engine.begin() as connection:
            more = hidden_images(connection, uri_of(source) if source else None) if source or everything else []
            restored = show(connection, [*ids, *more])
        publish(engine, settings.home, reporter)
    reporter.say(f"{len(restored):,} brought back." if restored else "None of them was removed.")
