"""`enfilade duplicates`: which images show the same work, and having the last word on it."""

import json
from collections.abc import Sequence
from typing import Any

import click

from enfilade.commands.options import IMAGE_ID, json_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.database import open_database
from enfilade.queries.duplicates import DuplicateGroup, list_groups
from enfilade.queries.images import Image, find_images
from enfilade.settings import Settings
from ingest.commands.writing import writing
from ingest.grouping import decide, forget
from ingest.removal import find_shown

__all__ = ["command"]

MOST = 100
"""Images that one decision is about: it is kept for each two of them."""


@click.group("duplicates", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the images that show the same work, and change which do.

    Every ingest finds them, among images that are like each other. Without a command, lists them by group: searches and
    neighbours show one of each, walks come by one of each. What `split` and `join` say holds until it is forgotten.
    """
    if context.invoked_subcommand is None:
        settings = Settings.from_environment()
        with open_database(settings) as engine, engine.connect() as connection:
            groups = list_groups(connection)
            images = find_images(connection, [image_id for group in groups for image_id in group.image_ids])
        if as_json:
            click.echo(json.dumps({"items": [_as_dict(group, images) for group in groups]}))
        else:
            _show(groups, images)


@command.command("split")
@click.argument("ids", type=IMAGE_ID, nargs=-1, required=True, metavar="ID ID…")
def split(ids: tuple[int, ...]) -> None:
    """Say that images do not show the same work, no two of them."""
    _decide(ids, one_work=False)


@command.command("join")
@click.argument("ids", type=IMAGE_ID, nargs=-1, required=True, metavar="ID ID…")
def join(ids: tuple[int, ...]) -> None:
    """Say that images show the same work, all of them."""
    _decide(ids, one_work=True)


@command.command("forget")
@click.argument("ids", type=IMAGE_ID, nargs=-1, required=True, metavar="ID ID…")
def forget_command(ids: tuple[int, ...]) -> None:
    """Forget what was said of images by split or join: what was found of them counts again."""
    several = _several(ids)
    with writing(Settings.from_environment(), "enfilade duplicates forget") as (engine, reporter):
        with engine.begin() as connection:
            forgotten = forget(connection, several)
        reporter.say(f"Forgotten of {forgotten:,} pairs." if forgotten else "Nothing was said of any two of them.")


def _decide(ids: Sequence[int], *, one_work: bool) -> None:
    several = _several(ids)
    name = "join" if one_work else "split"
    with writing(Settings.from_environment(), f"enfilade duplicates {name}") as (engine, reporter):
        with engine.begin() as connection:
            find_shown(connection, several)
            decide(connection, several, one_work=one_work)
        said = "show the same work" if one_work else "do not show the same work"
        undo = f"`enfilade duplicates forget {' '.join(map(str, several))}` undoes it."
        reporter.say(f"{', '.join(map(str, several))} {said}, whatever is found. {undo}")


def _several(ids: Sequence[int]) -> list[int]:
    several = list(dict.fromkeys(ids))
    if not 1 < len(several) <= MOST:
        raise click.UsageError(f"Name from two to {MOST} different images.")
    return several


def _as_dict(group: DuplicateGroup, images: dict[int, Image]) -> dict[str, Any]:
    members = [image_as_dict(images[image_id]) for image_id in group.image_ids]
    return {"images": members, "probability": group.probability, "decided": group.decided}


def _show(groups: Sequence[DuplicateGroup], images: dict[int, Image]) -> None:
    table = image_table("group", "probability")
    for number, group in enumerate(groups, start=1):
        sure = "decided" if group.decided else "" if group.probability is None else f"{group.probability:.3f}"
        for place, image_id in enumerate(group.image_ids):
            table.add_row(*((str(number), sure) if not place else ("", "")), *image_cells(images[image_id]))
    if groups:
        print_table(table)
        console.print("`enfilade duplicates split ID ID` parts what is not one work.")
    else:
        console.print("No two images show the same work.")
