"""`python -m benchmarks`: name a measurement."""

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks import ablation, augmented, evenness, hostile, hubs, neighbours, paths, search, serving
from benchmarks.ablation_tables import ablation_tables
from benchmarks.hubs_table import WIDTH, hubs_table

__all__ = ["main"]


@click.group()
def main() -> None:
    """Measure, side by side in one run."""


@main.command("neighbours")
@click.option("--requests", default=400, show_default=True, type=click.IntRange(1))
@click.option("--limit", default=24, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _neighbours(requests: int, limit: int, *, as_json: bool) -> None:
    """Neighbours over HTTP, beside the same SQL through psycopg."""
    _show(neighbours.run(requests, limit), as_json=as_json)


@main.command("paths")
@click.option("--nodes", default=100_000, show_default=True, type=click.IntRange(100))
@click.option("--pairs", default=2000, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _paths(nodes: int, pairs: int, *, as_json: bool) -> None:
    """Shortest paths in process, beside other libraries."""
    _show(paths.run(nodes, pairs), as_json=as_json)


@main.command("serving")
@click.option("--nodes", default=100_000, show_default=True, type=click.IntRange(100))
@click.option("--rate", default=40, show_default=True, type=click.IntRange(1), help="Requests a second.")
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(2))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _serving(nodes: int, rate: int, seconds: int, *, as_json: bool) -> None:
    """Shortest paths over HTTP at a steady rate, while another graph is published."""
    _show(serving.run(nodes, rate, seconds), as_json=as_json)


@main.command("hostile")
@click.option("--uploads", default=10_000, show_default=True, type=click.IntRange(1), help="Hostile ones.")
@click.option(
    "--files",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="What is damaged, and sent; by default some pictures of every format.",
)
@click.option("--at-once", default=2, show_default=True, type=click.IntRange(1, 256))
@click.option("--rate", default=2, show_default=True, type=click.IntRange(1), help="Good uploads a second.")
@click.option("--alone", default=60, show_default=True, type=click.IntRange(5), help="Seconds of good uploads alone.")
@click.option("--seed", default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _hostile(
    uploads: int, folder: Path | None, *, at_once: int, rate: int, alone: int, seed: int, as_json: bool
) -> None:
    """Good uploads while strangers send bombs, damaged files, broken requests, and those slowly."""
    result = hostile.run(uploads, folder, at_once=at_once, rate=rate, alone=alone, seed=seed)
    if as_json:
        click.echo(json.dumps(result))
        return
    for kind, statuses in {**result.pop("kinds"), "all": result.pop("statuses")}.items():
        click.echo(f"{kind}: {', '.join(f'{status} {count:,} times' for status, count in statuses.items())}")
    _show(result, as_json=False)


@main.command("search")
@click.option("--uploads", default=40, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _search(uploads: int, *, as_json: bool) -> None:
    """Search by uploads of two sizes over HTTP, beside a full decode, an eager network and a ball tree."""
    _show(search.run(uploads), as_json=as_json)


@main.command("augmented")
@click.option("--members", default=100, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _augmented(members: int, *, as_json: bool) -> None:
    """Members that come back changed in twenty ways, beside perceptual hashing alone."""
    _show(augmented.run(members), as_json=as_json)


@main.command("evenness")
@click.option("--space", metavar="NAME", help="A space of the collection; by default the default one.")
@click.option("--pairs", default=2000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=0, show_default=True, help="Draws the pairs.")
@click.option("--frontier", type=click.IntRange(1), help="Vary the weights, for so many pictures between.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _evenness(space: str | None, pairs: int, seed: int, frontier: int | None, *, as_json: bool) -> None:
    """Measure what walks are like, mode by mode; or what even walks trade for what."""
    if frontier is None:
        _show(evenness.run(space, pairs, seed), as_json=as_json)
    else:
        _show(evenness.frontier(space, pairs, frontier, seed), as_json=as_json)


@main.command("hubs")
@click.option(
    "--space",
    "spaces",
    multiple=True,
    metavar="NAME",
    help=f"A published space, or {hubs.FEATURES}NAME for what an extractor saw, not centred; may repeat. Default: all.",
)
@click.option("--mode", "modes", multiple=True, type=click.Choice(list(hubs.MODES)), help="May repeat. Default: all.")
@click.option("--pairs", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _hubs(spaces: tuple[str, ...], modes: tuple[str, ...], pairs: int, *, as_json: bool) -> None:
    """Paths over the collection's graphs, with hubs tamed in several ways."""
    result = hubs.run(spaces, modes or list(hubs.MODES), pairs)
    if as_json:
        click.echo(json.dumps(result))
        return
    console = Console()
    Console(width=max(console.width, WIDTH)).print(hubs_table(result))


@main.command("ablation")
@click.argument("manifest", type=click.Path(exists=True, path_type=Path))
@click.option("--label", "labels", multiple=True, metavar="COLUMN", help="What ought to be alike; may repeat.")
@click.option(
    "--fit",
    type=click.Path(exists=True, path_type=Path),
    metavar="MANIFEST",
    help="Fit the projections on these pictures, as on a collection to which the others are strange.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def _ablation(manifest: Path, labels: tuple[str, ...], fit: Path | None, *, as_json: bool) -> None:
    """Each default recipe on the labelled pictures of MANIFEST, beside itself with one thing changed."""
    result = ablation.run(manifest, labels, fit)
    if as_json:
        click.echo(json.dumps(result))
        return
    console = Console()
    for table in ablation_tables(result):
        console.print(table)
    of = ", ".join(f"{count:,} of {label}" for label, count in result["values"].items())
    console.print(
        f"{result['images']:,} pictures, values: {of}; projections fitted on {result['fitted_images']:,}.",
        highlight=False,
    )


def _told(figure: object) -> str:
    return f"{figure:,.3f}" if isinstance(figure, int | float) else str(figure)


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result))
        return
    peers = result.pop("peers")
    columns = dict.fromkeys(column for figures in peers.values() for column in figures)
    table = Table("", *columns, box=None)
    for name, figures in peers.items():
        table.add_row(name, *(_told(figures.get(column, "")) for column in columns))
    console = Console()
    console.print(table)
    console.print(", ".join(f"{name}: {value}" for name, value in result.items() if not isinstance(value, list)))
    if result.get("missing"):
        console.print(f"not installed, so left out: {', '.join(result['missing'])}")


main()
