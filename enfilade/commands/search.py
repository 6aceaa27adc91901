"""`enfilade search`: the images of the collection most like a file."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from enfilade.commands.options import filter_options, filters_from, json_option, space_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.database import open_database
from enfilade.errors import RefusedImageError
from enfilade.images import Limits, decode, read_file
from enfilade.judges import Judged, Judges
from enfilade.queries.duplicates import distinct
from enfilade.queries.images import Filters, Image, find_images
from enfilade.queries.neighbours import Neighbour
from enfilade.queries.spaces import published_space
from enfilade.settings import Settings
from enfilade.spaces import Space

__all__ = ["command"]


@click.command("search")
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many images to find.")
@click.option(
    "--duplicates",
    type=click.Choice(["best", "all"]),
    default="best",
    show_default=True,
    help="Of the images that show one work, the nearest alone or all.",
)
@space_option
@filter_options
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    limit: int,
    space: str | None,
    *,
    duplicates: str,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 — as filter_options gives them
) -> None:
    """Find the images most like FILES, nearest first, each file on its own.

    The distance is the angle between two pictures in the space of likeness, in radians: 0 is the same picture. A
    sentence says whether the very work is in the collection, and how probable that is.
    """
    settings = Settings.from_environment()
    chosen = filters_from(**filters)
    refused = 0
    with open_database(settings) as engine, engine.connect() as connection:
        place = published_space(connection, space)
        judges = Judges(settings.home)
        for file in files:
            try:
                picture = decode(read_file(file, Limits().max_bytes)).pixels
            except RefusedImageError as refusal:
                click.echo(f"{file}: {refusal}", err=True)
                refused += 1
                continue
            judged = judges.judge(connection, place, picture)
            find = partial(_find, connection, place, judged, chosen)
            found = distinct(connection, find, limit, duplicates=duplicates == "all")
            images = find_images(connection, [one.image_id for one in found])
            if as_json:
                click.echo(json.dumps(_as_dict(file, place.name, found, images, judged)))
            else:
                _show(file, found, images, judged, several=len(files) > 1)
    if refused:
        context.exit(1)


def _find(connection: Connection, place: Space, judged: Judged, filters: Filters, count: int) -> list[Neighbour]:
    return judged.nearest(connection, place, count, filters)


def _show(file: Path, found: list[Neighbour], images: dict[int, Image], judged: Judged, *, several: bool) -> None:
    if several:
        console.print(str(file), style="bold", markup=False)
    table = image_table("", "distance")
    for rank, one in enumerate(found, start=1):
        table.add_row(str(rank), f"{one.distance:.4f}", *image_cells(images[one.image_id]))
    print_table(table)
    if judged.verdict:
        console.print(f"{judged.verdict.sentence} ({100 * judged.verdict.same_work:.0f} %)")


def _as_dict(
    file: Path, space: str, found: list[Neighbour], images: dict[int, Image], judged: Judged
) -> dict[str, Any]:
    items = [
        {
            "image": image_as_dict(images[one.image_id]),
            "distance": one.distance,
            "duplicates": list(one.duplicates),
            "confidence": worth.confidence,
            "same_work": worth.same_work,
        }
        for one, worth in zip(found, judged.worth(found), strict=True)
    ]
    match = judged.verdict and judged.verdict.as_dict()
    return {"file": str(file), "space": space, "items": items, "match": match}
