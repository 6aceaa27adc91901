"""`enfilade search`: the images of the collection most like a file, or like some of the collection."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from enfilade.commands.finding import (
    Found,
    Narrowed,
    answer_as_dict,
    find_by_members,
    find_by_picture,
    show_found,
)
from enfilade.commands.options import IMAGE_ID, filter_options, filters_from, json_option, space_option
from enfilade.commands.showing import console
from enfilade.database import open_database
from enfilade.errors import RefusedImageError
from enfilade.images import Brought, Crop, Limits, decode_part, read_file
from enfilade.judges import Judges
from enfilade.queries.spaces import published_space
from enfilade.settings import Settings

__all__ = ["command"]


class Part(click.ParamType[Crop]):
    """A part of a picture, in fractions of its sides."""

    name = "part"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Crop:  # noqa: ANN401
        """Read x,y,width,height."""
        try:
            return value if isinstance(value, Crop) else Crop.from_text(value)
        except ValueError as error:
            self.fail(f"It {error}.", param, ctx)


@click.command("search")
@click.argument("files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1)
@click.option("--crop", type=Part(), metavar="X,Y,WIDTH,HEIGHT", help="Only this part of each file, in fractions.")
@click.option("--like", type=IMAGE_ID, multiple=True, metavar="ID", help="Instead of a file: like this; may repeat.")
@click.option("--unlike", type=IMAGE_ID, multiple=True, metavar="ID", help="And unlike this one; may repeat.")
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
    *,
    crop: Crop | None,
    like: tuple[int, ...],
    unlike: tuple[int, ...],
    limit: int,
    space: str | None,
    duplicates: str,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 — as filter_options gives them
) -> None:
    """Find the images most like FILES, nearest first, each file on its own; or those most like some of the collection.

    The distance is the angle between two pictures in the space of likeness, in radians: 0 is the same picture. A
    sentence says whether the very work is in the collection, and how probable that is. With --like and --unlike, it is
    the angle to the middle of what is liked, away from the middle of what is not.
    """
    _check(files, crop, like, unlike)
    narrowed = Narrowed(space, limit, filters_from(**filters), duplicates == "all")
    settings = Settings.from_environment()
    answered = 0
    with open_database(settings) as engine, engine.connect() as connection:
        if like:
            found = find_by_members(connection, like, unlike, narrowed)
            answers: Iterator[tuple[dict[str, Any], Found]] = iter([({"like": like, "unlike": unlike}, found)])
        else:
            answers = _by_files(connection, Judges(settings.home), files, crop, narrowed)
        for asked, found in answers:
            answered += 1
            if as_json:
                click.echo(json.dumps(answer_as_dict(connection, asked, found)))
                continue
            if len(files) > 1:
                console.print(asked["file"], style="bold", markup=False)
            show_found(connection, found)
    if answered < len(files):
        context.exit(1)


def _check(files: Sequence[Path], crop: Crop | None, like: Sequence[int], unlike: Sequence[int]) -> None:
    """See that one thing is asked. Raises click.UsageError."""
    if unlike and not like:
        raise click.UsageError("--unlike goes with --like: name at least one image to be like.")
    if files and like:
        raise click.UsageError("Name either files or images to be --like, not both.")
    if not (files or like):
        raise click.UsageError("Name a file to search by, or an image to be --like.")
    if crop and like:
        raise click.UsageError("--crop goes with files.")


def _by_files(
    connection: Connection, judges: Judges, files: Sequence[Path], crop: Crop | None, narrowed: Narrowed
) -> Iterator[tuple[dict[str, Any], Found]]:
    """Search by each file; those that are not taken are told on stderr."""
    published_space(connection, narrowed.space)  # what is wrong with all of them, before what is with one
    for file in files:
        try:
            data = read_file(file, Limits().max_bytes)
            brought = Brought(decode_part(data, Limits(), crop), None if crop and not crop.whole else data)
        except RefusedImageError as refusal:
            click.echo(f"{file}: {refusal}", err=True)
            continue
        yield {"file": str(file)}, find_by_picture(connection, judges, brought, narrowed)
