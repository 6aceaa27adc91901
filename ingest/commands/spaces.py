"""`enfilade spaces`: the spaces of likeness: list, build, compare, choose the default, retire and bring back."""

import json
import re
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from enfilade.backbones import ARCHITECTURES
from enfilade.commands.options import json_option
from enfilade.commands.showing import console, image_as_dict, image_cells, image_table, print_table
from enfilade.comparing import Comparison, compare_places
from enfilade.database import open_database
from enfilade.errors import EmptyCollectionError
from enfilade.queries.images import Image, count_images, find_images
from enfilade.queries.versions import SpaceVersion, find_version, list_versions, places_in_both
from enfilade.settings import Settings
from enfilade.spaces import recall_recipe
from ingest.commands.writing import writing
from ingest.conditions import CONDITION
from ingest.designing import KINDS, Wish, design
from ingest.pipeline import publish
from ingest.versions import bring_back, retire, set_default

__all__ = ["command"]

NAME = re.compile(rf"[a-z][a-z0-9_-]{{0,39}}|{CONDITION}.+")
DIFFERING = 5
LONGEST_VERSION = 9  # digits of a 32-bit integer, less one


@click.group("spaces", invoke_without_command=True)
@json_option
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the spaces of likeness, and change which there are.

    Without a command, lists them with every version that is kept: what was retired can be brought back.
    """
    if context.invoked_subcommand is None:
        settings = Settings.from_environment()
        with open_database(settings) as engine, engine.connect() as connection:
            versions = list_versions(connection)
        if as_json:
            click.echo(json.dumps([_as_dict(version) for version in versions]))
        else:
            _list(versions)


@command.command("build")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), help="What likeness means in it; by default what its name says.")
@click.option("--backbone", type=click.Choice(ARCHITECTURES), help="The network; by default efficientnet_lite0.")
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The network's weights, a PyTorch state dict; without, they are fetched where they do not come packaged.",
)
@click.option("--precision", type=click.Choice(["fp32", "bf16"]), help="In which the network computes: fp32.")
@click.option("--sketch", type=click.IntRange(256, 16_000), help="Numbers that style is sketched to.")
@click.option("--dimensions", type=click.IntRange(2, 2000), help="Dimensions of the space, at most.")
@click.option("--whitening", type=click.FloatRange(0, 1), help="0 keeps variances, 1 makes all the same.")
@click.option("--default", "make_default", is_flag=True, help="Make it the default space.")
def build(name: str, *, make_default: bool, **words: Any) -> None:  # noqa: ANN401 — as the options of Wish
    """Build a new version of the space NAME, or a new space, and publish it.

    Without options, a published space is fitted anew by its own recipe. The version before is retired, and
    `enfilade spaces bring-back` undoes it. Readers see the old one until the new one is whole.
    """
    if not NAME.fullmatch(name):
        raise click.BadParameter("a name is of small letters, digits, - and _, 40 at most.", param_hint="NAME")
    settings, wish = Settings.from_environment(), Wish(**words)
    with writing(settings, f"enfilade spaces build {name}") as (engine, reporter):
        with engine.connect() as connection:
            if not count_images(connection):
                raise EmptyCollectionError
            before = next((one for one in list_versions(connection, name) if one.status == "published"), None)
        if before and wish.says_nothing:
            recipe = recall_recipe(name, before.space.recipe, settings.home)
        elif name.startswith(CONDITION):
            raise click.UsageError("A condition is trained by `enfilade train-condition`; here it is only fitted anew.")
        else:
            recipe = design(name, wish, settings.home)
        publish(engine, settings.home, reporter, recipes=[recipe], anew=True)
        with engine.begin() as connection:
            built = find_version(connection, name).space
            if make_default:
                set_default(connection, name)
        undo = f" `enfilade spaces bring-back {name}` undoes it." if before else ""
        of = f"{built.dimensions} dimensions, fitted on {built.fitted_on:,} images"
        reporter.say(f"{name} version {built.version}: {of}.{undo}")


@command.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--neighbours", "k", default=10, show_default=True, type=click.IntRange(1, 100), help="How many nearest.")
@json_option
def compare(first: str, second: str, k: int, *, as_json: bool) -> None:
    """Compare two spaces: how many nearest neighbours they share, and of which images they think most differently.

    A and B are names, or NAME@VERSION for a version that is kept.
    """
    settings = Settings.from_environment()
    with open_database(settings) as engine, engine.connect() as connection:
        versions = [find_version(connection, *_reference(one)) for one in (first, second)]
        ids, ours, theirs = places_in_both(connection, versions[0].space, versions[1].space)
        comparison = compare_places(ours, theirs, k)
        differing = [int(ids[place]) for place in comparison.furthest_apart(DIFFERING)]
        found = find_images(connection, differing)
        images = [found[one] for one in differing if one in found]
    if as_json:
        spaces = [_as_dict(version) for version in versions]
        told = {"spaces": spaces, "images": len(ids), "k": comparison.k, "overlap": comparison.overlap}
        click.echo(json.dumps({**told, "differing": [image_as_dict(image) for image in images]}))
    else:
        _show_comparison(versions, comparison, images, len(ids))


@command.command("default")
@click.argument("name")
def default(name: str) -> None:
    """Make NAME the space that is meant where none is named."""
    with writing(Settings.from_environment(), "enfilade spaces default") as (engine, reporter):
        with engine.begin() as connection:
            chosen = set_default(connection, name)
        reporter.say(f"The default space is {chosen.name} (version {chosen.version}).")


@command.command("retire")
@click.argument("name")
def retire_command(name: str) -> None:
    """Take the space NAME away; its latest version is kept, so that it can be brought back."""
    with writing(Settings.from_environment(), "enfilade spaces retire") as (engine, reporter):
        with engine.begin() as connection:
            gone = retire(connection, name)
        reporter.say(f"{name} version {gone.version} is retired. `enfilade spaces bring-back {name}` undoes it.")


@command.command("bring-back")
@click.argument("name")
@click.option("--version", type=click.IntRange(1), help="Which; by default the latest that was retired.")
def bring_back_command(name: str, version: int | None) -> None:
    """Publish a retired version of NAME again, with the images that came since; the present one is retired."""
    settings = Settings.from_environment()
    with writing(settings, f"enfilade spaces bring-back {name}") as (engine, reporter):
        back = bring_back(engine, settings.home, reporter, name, version)
        reporter.say(f"{name} version {back.version} is published.")


def _reference(words: str) -> tuple[str, int | None]:
    name, at, version = words.rpartition("@")
    return (name, int(version)) if at and version.isdecimal() and len(version) < LONGEST_VERSION else (words, None)


def _as_dict(version: SpaceVersion) -> dict[str, Any]:
    return {
        "name": version.space.name,
        "version": version.space.version,
        "status": version.status,
        "is_default": version.is_default,
        "dimensions": version.space.dimensions,
        "fitted_on": version.space.fitted_on,
        "created_at": version.created_at.isoformat(),
        "recipe": version.space.recipe,
        "evaluation": version.evaluation,
    }


def _list(versions: list[SpaceVersion]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("space", "version", "status", "made of", "dimensions", "fitted on", "built"):
        table.add_column(name, justify="right" if name in {"version", "dimensions", "fitted on"} else "left")
    for one in versions:
        status = "default" if one.is_default else one.status
        numbers = (f"{one.space.dimensions:,}", f"{one.space.fitted_on:,}")
        built = f"{one.created_at.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(Text(one.space.name), str(one.space.version), status, _made_of(one), *numbers, built)
    print_table(table)
    if not versions:
        console.print("Nothing is published yet. Begin with `enfilade ingest FOLDER`, or `enfilade demo`.")


def _made_of(version: SpaceVersion) -> str:
    extractors = [part["extractor"] for part in version.space.recipe["parts"]]
    described = [f"{one['descriptor']} by {one['backbone']}" if "backbone" in one else "CIELAB" for one in extractors]
    return " + ".join(described)


def _show_comparison(versions: list[SpaceVersion], comparison: Comparison, images: list[Image], compared: int) -> None:
    a, b = (f"{one.space.name} (version {one.space.version})" for one in versions)
    console.print(
        f"{a} and {b} share {comparison.overlap:.1%} of the {comparison.k} nearest neighbours of {compared:,} images; "
        f"by chance it would be {comparison.k / max(compared - 1, 1):.1%}.",
        markup=False,
    )
    console.print("They differ most about:")
    table = image_table()
    for image in images:
        table.add_row(*image_cells(image))
    print_table(table)
