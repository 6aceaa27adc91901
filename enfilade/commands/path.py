"""`enfilade path`: walks from one picture to another."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from enfilade.commands.options import IMAGE_ID, filter_options, filters_from, json_option, space_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.commands.walking import Walked, walk
from enfilade.database import open_database
from enfilade.images import STRIP_SUFFIXES, Limits, decode, hang, read_file, save_strip
from enfilade.images.strips import Line
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import Image, find_images
from enfilade.queries.paths import MODES, Question
from enfilade.queries.steps import Step
from enfilade.settings import Settings

__all__ = ["command"]


class End(click.ParamType[int | Path]):
    """An image by its id, or a picture's file."""

    name = "id or file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Path:  # noqa: ANN401
        """Take digits for an id, all else for a file, which must be there."""
        if isinstance(value, str) and not value.isdecimal():
            return Path(str(click.Path(exists=True, dir_okay=False).convert(value, param, ctx)))
        return int(IMAGE_ID.convert(value, param, ctx))


@click.command("path")
@click.argument("source", type=End())
@click.argument("target", type=End())
@click.option("--mode", type=click.Choice(MODES), help="What is best; by default shortest, or even with --between.")
@click.option("--between", type=click.IntRange(0), help="How many pictures between the two; for the mode even.")
@click.option("--via", type=IMAGE_ID, multiple=True, metavar="ID", help="Go by way of this image; may repeat.")
@click.option("--avoid", type=IMAGE_ID, multiple=True, metavar="ID", help="Keep off this image; may repeat.")
@click.option("--alternatives", default=1, show_default=True, type=click.IntRange(1, 20), help="Paths in all.")
@click.option("--graph", type=IMAGE_ID, metavar="ID", help="An earlier graph that is still kept.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Save a strip of it.")
@space_option
@filter_options
@json_option
def command(
    source: int | Path,
    target: int | Path,
    *,
    mode: str | None,
    between: int | None,
    via: tuple[int, ...],
    avoid: tuple[int, ...],
    alternatives: int,
    graph: int | None,
    save: Path | None,
    space: str | None,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 — as filter_options gives them
) -> None:
    """Walk from SOURCE to TARGET (ids, or files of yours), each step to a picture like the last.

    Every pair of images has a path. shortest: the least sum of angles. smooth: the least worst step, and of those the
    shortest. even: so many pictures between the two, as evenly spaced as can be and always getting on.
    """
    if between is not None and mode not in {None, "even"}:
        raise click.BadOptionUsage("between", "--between goes with --mode even.")
    if save and save.suffix.lower() not in STRIP_SUFFIXES:
        raise click.BadParameter(f"{save} must end in {', '.join(STRIP_SUFFIXES)}.", param_hint="--save")
    question = Question(
        _read(source), _read(target), mode or ("shortest" if between is None else "even"), between, via, avoid,
        filters_from(**filters), alternatives,
    )  # fmt: skip
    settings = Settings.from_environment()
    with open_database(settings) as engine, engine.connect() as connection:
        walked = walk(connection, settings.home, question, space=space, graph=graph)
        images = find_images(connection, walked.image_ids)
        if save:
            save_strip(hang(_lines(connection, walked)), save)
    if as_json:
        click.echo(json.dumps(_as_dict(walked, images)))
        return
    for place, path in enumerate(walked.paths):
        _show(path.images, walked.steps[place], images)
        console.print(_sum_up(walked, place))
    if save:
        console.print(f"Saved to {save}.", markup=False)


def _read(end: int | Path) -> int | bytes:
    return end if isinstance(end, int) else read_file(end, Limits().max_bytes)


def _lines(connection: Connection, walked: Walked) -> list[Line]:
    """Fetch the pictures of each path, those that were brought from their files."""
    pictures = load_thumbnails(connection, walked.image_ids)
    pictures |= {name: decode(data).pixels for name, data in walked.brought.items()}
    return [([pictures[image_id] for image_id in path.images], path.distances) for path in walked.paths]


def _as_dict(walked: Walked, images: dict[int, Image]) -> dict[str, Any]:
    best, *others = (
        {
            "images": [image_as_dict(images[image_id]) for image_id in path.images if image_id in images],
            "steps": [step.as_dict() for step in steps],
            "length": path.length,
            "worst_step": path.worst_step,
            "variation": path.variation,
        }
        for path, steps in zip(walked.paths, walked.steps, strict=True)
    )
    where = {"mode": walked.mode, "graph": walked.build.id, "space": walked.build.space_name}
    return {**best, "alternatives": others, **where}


def _show(image_ids: Sequence[int], steps: Sequence[Step], images: dict[int, Image]) -> None:
    table = image_table("", "step")
    for number, image_id in enumerate(image_ids):
        cells = image_cells(images[image_id]) if image_id in images else ["", "your picture"]
        table.add_row(str(number), _told(steps[number - 1]) if number else "", *cells)
    print_table(table)


def _told(step: Step) -> str:
    return f"{'bridge ' if step.kind == 'bridge' else ''}{step.distance:.3f}"


def _sum_up(walked: Walked, place: int) -> str:
    path = walked.paths[place]
    steps = len(path.distances)
    return (
        f"{steps} step{'s' if steps != 1 else ''}, {path.length:.3f} radians in all, the longest {path.worst_step:.3f} "
        f"({walked.mode}; {walked.build.space_name}, graph {walked.build.id})."
    )
