"""`enfilade search`: the images of the collection most like a file."""

import json
from pathlib import Path
from typing import Any

import click

from enfilade.commands.options import filter_options, filters_from, json_option, space_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.database import open_database
from enfilade.embedder import Embedder
from enfilade.errors import RefusedImageError
from enfilade.images import Limits, read_file
from enfilade.queries.images import Image, find_images
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.spaces import load_placer, published_space
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("search")
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many images to find.")
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
    as_json: bool,
    **filters: Any,  # noqa: ANN401 — as filter_options gives them
) -> None:
    """Find the images most like FILES, nearest first, each file on its own.

    The distance is the angle between two pictures in the space of likeness, in radians: 0 is the same picture.
    """
    settings = Settings.from_environment()
    chosen = filters_from(**filters)
    refused = 0
    with open_database(settings) as engine, engine.connect() as connection:
        place = published_space(connection, space)
        embedder = Embedder(place, load_placer(connection, place), settings.home)
        for file in files:
            try:
                vector = embedder.embed(read_file(file, Limits().max_bytes))
            except RefusedImageError as refusal:
                click.echo(f"{file}: {refusal}", err=True)
                refused += 1
                continue
            found = nearest(connection, place, vector, limit=limit, filters=chosen)
            images = find_images(connection, [one.image_id for one in found])
            if as_json:
                click.echo(json.dumps(_as_dict(file, place.name, found, images)))
            else:
                _show(file, found, images, several=len(files) > 1)
    if refused:
        context.exit(1)


def _show(file: Path, found: list[Neighbour], images: dict[int, Image], *, several: bool) -> None:
    if several:
        console.print(str(file), style="bold", markup=False)
    table = image_table("", "distance")
    for rank, one in enumerate(found, start=1):
        table.add_row(str(rank), f"{one.distance:.4f}", *image_cells(images[one.image_id]))
    print_table(table)


def _as_dict(file: Path, space: str, found: list[Neighbour], images: dict[int, Image]) -> dict[str, Any]:
    items = [{"image": image_as_dict(images[one.image_id]), "distance": one.distance} for one in found]
    return {"file": str(file), "space": space, "items": items}
