"""`enfilade remove`: take images out of the collection."""

from pathlib import Path

import click

from enfilade.commands.options import IMAGE_ID
from enfilade.commands.showing import image_cells, image_table, print_table
from enfilade.settings import Settings
from ingest.commands.writing import writing
from ingest.pipeline import publish
from ingest.removal import find_shown, hide, images_of_source
from ingest.sources.naming import uri_of

__all__ = ["command"]


@click.command("remove")
@click.argument("ids", type=IMAGE_ID, nargs=-1, metavar="ID…")
@click.option(
    "--source", type=click.Path(path_type=Path), help="Every image that only this folder or manifest has given."
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
def command(ids: tuple[int, ...], source: Path | None, *, dry_run: bool) -> None:
    """Remove images from search, neighbours and paths.

    They are hidden at once, and a new graph is published without them. `enfilade restore-image ID…` undoes it.
    Ingesting their files again does not bring them back.
    """
    if not ids and source is None:
        raise click.UsageError("Name the ids to remove, or a --source.")
    settings = Settings.from_environment()
    with writing(settings, "enfilade remove") as (engine, reporter):
        with engine.begin() as connection:
            chosen = [*ids, *(images_of_source(connection, uri_of(source)) if source else ())]
            images = find_shown(connection, chosen)
            if not dry_run:
                hide(connection, chosen)
        if not dry_run:
            publish(engine, settings.home, reporter)
    table = image_table()
    for image in images:
        table.add_row(*image_cells(image))
    print_table(table)
    if dry_run:
        reporter.say(f"{len(images):,} would be removed. Nothing was changed.")
        return
    undo = " ".join(map(str, chosen)) if len(chosen) <= 10 else "ID…"  # noqa: PLR2004 — what fits a line
    reporter.say(f"{len(images):,} removed. `enfilade restore-image {undo}` brings them back.")
