"""`enfilade ingest`: take a folder or a manifest into the collection."""

import json
from collections import Counter
from pathlib import Path

import click

from enfilade.settings import Settings
from ingest.commands.writing import writing
from ingest.counts import Counts
from ingest.pipeline import Report, ingest
from ingest.progress import Reporter
from ingest.sources import open_source

__all__ = ["command", "summary"]

REFUSALS_LISTED = 40


@click.command("ingest")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--keep-originals", is_flag=True, help="Store the original files in the database too.")
@click.option(
    "--neighbours",
    "k",
    type=click.IntRange(1, 100),
    help="k of the kNN graph; by default that of the one before, or 10.",
)
@click.option("--no-wait", is_flag=True, help="Give up at once if another ingest is running.")
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON.")
def command(source: Path, k: int | None, *, keep_originals: bool, no_wait: bool, as_json: bool) -> None:
    """Take the pictures of SOURCE into the collection.

    SOURCE is a folder, taken with all its folders, or a manifest: a CSV, TSV or JSON Lines file with a column `file`
    and whatever else is known (title, artist, year, style, genre, licence; other columns become attributes).

    Running it again takes only what is new or changed; a run that was killed goes on where it was.
    """
    settings = Settings.from_environment()
    opened = open_source(source)
    with writing(settings, f"enfilade ingest {source.name}", wait=not no_wait) as (engine, reporter):
        if opened.hint:
            reporter.say(f"Hint: {opened.hint}")
        report = ingest(engine, opened, settings.home, reporter, keep_originals=keep_originals, k=k)
    if keep_originals and report.counts.unchanged:
        reporter.say("Originals were kept of the new pictures alone; those that were in already keep what they had.")
    list_refusals(report.counts, reporter)
    reporter.say(summary(report))
    if as_json:
        click.echo(json.dumps(report.as_dict()))


def summary(report: Report) -> str:
    """Sum up an ingest in one line."""
    counts, graph = report.counts, report.graph
    outcomes = {name: number for name, number in counts.as_dict().items() if name != "rows"}
    parts = [f"{counts.rows:,} rows: " + ", ".join(f"{number:,} {outcome}" for outcome, number in outcomes.items())]
    if counts.added:
        parts.append(f"{report.images_per_second:,.0f} images/s")
    if graph:
        joined = "" if graph.components_before == 1 else f" (joined from {graph.components_before:,})"
        parts.append(f"graph {graph.id}: {graph.images:,} images, {graph.edges:,} edges, 1 component{joined}")
    else:
        parts.append("no images to show yet")
    if report.vanished:
        parts.append(f"not found there again: {report.vanished:,} (their images are kept)")
    return "; ".join([*parts, f"{report.seconds:.1f} s"]) + "."


def list_refusals(counts: Counts, reporter: Reporter) -> None:
    """List the files that were not taken, and why."""
    if not counts.refusals:
        return
    reporter.say(f"Not taken ({counts.rejected:,}):")
    for uri, refusal in counts.refusals[:REFUSALS_LISTED]:
        reporter.say(f"  {uri}: {refusal.reason}: {refusal.detail}")
    more = Counter(refusal.reason for _, refusal in counts.refusals[REFUSALS_LISTED:])
    if more:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in more.most_common())
        reporter.say(f"  and {more.total():,} more ({reasons}); `enfilade status --rejections` lists them all.")
