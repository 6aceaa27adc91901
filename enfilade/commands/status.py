"""`enfilade status`: what the collection holds, what is published, and what was done."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from enfilade.commands.options import json_option
from enfilade.commands.showing import console, print_table
from enfilade.database import open_database
from enfilade.queries.collection import Collection, Run, get_collection, latest_runs, list_rejections
from enfilade.queries.spaces import PublishedGraph, published_graphs
from enfilade.settings import Settings

__all__ = ["command"]

NUMBERS_ROOM = 73  # all columns but the last, and the gaps between them
LEAST_ROOM = 7


@click.command("status")
@click.option(
    "--runs", default=5, show_default=True, type=click.IntRange(0), help="How many of the latest ingests to tell."
)
@click.option("--rejections", is_flag=True, help="List every file that was not taken, and why.")
@json_option
def command(runs: int, *, rejections: bool, as_json: bool) -> None:
    """Tell what the collection holds, what is published, and how the latest ingests went."""
    settings = Settings.from_environment()
    with open_database(settings) as engine, engine.connect() as connection:
        collection = get_collection(connection)
        graphs = published_graphs(connection)
        latest = latest_runs(connection, runs)
        refused = list_rejections(connection) if rejections else []
    if as_json:
        answer: dict[str, Any] = {"collection": asdict(collection), "spaces": list(map(asdict, graphs))}
        answer |= {"runs": list(map(asdict, latest))}
        if rejections:
            answer["rejections"] = list(map(asdict, refused))
        click.echo(json.dumps(answer, default=datetime.isoformat))
        return
    _show_collection(collection)
    for graph in graphs:
        _show_graph(graph)
    _show_runs(latest)
    for one in refused:
        click.echo(f"{one.source_uri}: {one.reason}: {one.detail}")


def _show_collection(collection: Collection) -> None:
    console.print(f"[bold]{collection.images:,} images[/], found in {collection.occurrences:,} places", end="")
    console.print(f"; {collection.hidden:,} removed" if collection.hidden else "", end="")
    console.print(f"; {decimal(collection.rendition_bytes)} of files")
    if collection.rejections:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in collection.rejections.items())
        console.print(f"Not taken: {reasons} (enfilade status --rejections lists them)", markup=False)
    if not collection.images:
        console.print("Begin with `enfilade ingest FOLDER`, or `enfilade demo`.")


def _show_graph(graph: PublishedGraph) -> None:
    default = ", the default" if graph.is_default else ""
    console.print(
        f"[bold]Space {graph.space_name}[/] (version {graph.space_version}{default}): "
        f"{graph.dimensions} dimensions, fitted on {graph.fitted_on:,} images"
    )
    if graph.graph_id is None or graph.statistics is None:
        console.print("  no graph published yet")
        return
    kinds = graph.statistics["kinds"]
    joined = "" if graph.components_before == 1 else f", joined from {graph.components_before:,}"
    console.print(
        f"  graph {graph.graph_id}: {graph.images:,} images, {graph.edges:,} edges "
        f"({kinds['mutual']:,} mutual, {kinds['knn']:,} one-sided, {kinds['bridge']:,} bridges), "
        f"k = {graph.k}, recall {graph.recall:.3f}, 1 component{joined}"
    )
    console.print(
        f"  {graph.statistics['nobodys_neighbour']:.1%} of images are nobody's neighbour; "
        f"in-degree skew {graph.statistics['in_degree_skew']:.2f}"
    )


def _show_runs(runs: list[Run]) -> None:
    if not runs:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("ingest", "rows", "added", "dupl.", "unch.", "upd.", "rej.", "images/s", "seconds"):
        table.add_column(name, justify="left" if name == "ingest" else "right", no_wrap=True)
    table.add_column(
        "source", overflow="ellipsis", no_wrap=True, max_width=max(console.width - NUMBERS_ROOM, LEAST_ROOM)
    )
    for run in runs:
        when = f"{run.started_at.astimezone():%m-%d %H:%M}"
        numbers = (
            [f"{run.counts[key]:,}" for key in ("rows", "added", "duplicates", "unchanged", "updated", "rejected")]
            if run.counts
            else ["not finished", *[""] * 5]
        )
        rates = [f"{run.rates.get(key, 0):,.1f}" for key in ("images_per_second", "seconds")] if run.rates else ["", ""]
        table.add_row(when, *numbers, *rates, Text(run.source))
    print_table(table)
