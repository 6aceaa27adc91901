"""`enfilade path`: the shortest walk from one image to another."""

import json

import click

from enfilade.commands.options import IMAGE_ID, json_option, space_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.database import open_database
from enfilade.queries.images import find_images, get_image
from enfilade.queries.paths import FoundPath, find_path
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("path")
@click.argument("source", type=IMAGE_ID)
@click.argument("target", type=IMAGE_ID)
@space_option
@json_option
def command(source: int, target: int, space: str | None, *, as_json: bool) -> None:
    """Walk from the image SOURCE to the image TARGET (ids), each step to a picture like the last.

    The shortest path over the similarity graph: the least sum of angles. Every pair of images has one.
    """
    with open_database(Settings.from_environment()) as engine, engine.connect() as connection:
        for image_id in (source, target):
            get_image(connection, image_id)
        found = find_path(connection, source, target, space)
        images = find_images(connection, found.path.images)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "images": [image_as_dict(images[image_id]) for image_id in found.path.images],
                    "steps": [step.as_dict() for step in found.steps],
                    "length": found.path.length,
                    "worst_step": found.path.worst_step,
                    "graph": found.graph_id,
                }
            )
        )
        return
    table = image_table("", "step")
    for number, image_id in enumerate(found.path.images):
        table.add_row(str(number), _step(found, number), *image_cells(images[image_id]))
    print_table(table)
    steps = len(found.steps)
    console.print(
        f"{steps} step{'s' if steps != 1 else ''}, {found.path.length:.3f} radians in all, "
        f"the longest {found.path.worst_step:.3f} (graph {found.graph_id})."
    )


def _step(found: FoundPath, number: int) -> str:
    if number == 0:
        return ""
    step = found.steps[number - 1]
    return f"{'bridge ' if step.kind == 'bridge' else ''}{step.distance:.3f}"
