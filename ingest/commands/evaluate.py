"""`enfilade evaluate`: how good each space is, on a labelled collection, beside what it must beat."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from sqlalchemy import Connection

from enfilade.commands.options import json_option
from enfilade.commands.showing import console
from enfilade.database import open_database
from enfilade.descriptors import Extractor
from enfilade.errors import EmptyCollectionError
from enfilade.evaluation.report import render_report, render_trust
from enfilade.evaluation.table import tables
from enfilade.inference import computes
from enfilade.queries.evaluations import store_evaluation
from enfilade.queries.spaces import published_spaces
from enfilade.settings import Settings
from ingest.commands.trust import Asked, measure, show_trust
from ingest.evaluating import (
    Sample,
    describe_collection,
    describe_source,
    evaluate,
    extractors_of,
    group_labels,
    halved,
    label_values,
    trained_on,
    without_trained_on,
)
from ingest.progress import Reporter
from ingest.sources import open_source

__all__ = ["command"]

LISTED = 10
MANIFEST = click.Path(exists=True, path_type=Path)


@click.command("evaluate")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--label", "labels", multiple=True, metavar="COLUMN", help="What ought to be alike; may repeat.")
@click.option(
    "--group",
    default="artist",
    show_default=True,
    metavar="COLUMN",
    help="What two pictures of a pair test must not share, so that a style is not known by its artist.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.html",
    help="Write a page with tables and plots, whole in one file.",
)
@click.option("--bf16/--no-bf16", default=None, help="Measure what half precision costs; by default where it is fast.")
@click.option("--held-out", is_flag=True, help="Leave out what a trained condition has seen in training.")
@click.option(
    "--members",
    type=MANIFEST,
    metavar="MANIFEST",
    help="Other reproductions of works that are here: is each found, and told to be?",
)
@click.option("--match-column", default="match_file", show_default=True, metavar="COLUMN", help="Names the file here.")
@click.option("--unseen", type=MANIFEST, multiple=True, metavar="MANIFEST", help="Others of the kind; may repeat.")
@click.option("--strangers", type=MANIFEST, multiple=True, metavar="MANIFEST", help="Of another kind; may repeat.")
@click.option("--no-store", is_flag=True, help="Do not keep the results with the spaces.")
@json_option
def command(
    source: Path | None,
    labels: tuple[str, ...],
    group: str,
    report: Path | None,
    *,
    members: Path | None,
    match_column: str,
    unseen: tuple[Path, ...],
    strangers: tuple[Path, ...],
    bf16: bool | None,
    held_out: bool,
    no_store: bool,
    as_json: bool,
) -> None:
    """Measure every published space on the labelled pictures of SOURCE, a manifest, without storing them.

    For each label: mAP@10 and P@1, the gallery being the other pictures; pairs and triplets; each with a 95 % interval,
    beside the article's recipe (seed), plain colours, chance, and shuffled labels. Without SOURCE, on the collection
    itself, by what is stored of it.

    With --members, --unseen or --strangers instead: whether a search by picture knows when it knows.
    """
    settings, reporter = Settings.from_environment(), Reporter(Console(stderr=True))
    if members or unseen or strangers:
        if source is not None:
            raise click.UsageError("Either SOURCE, or --members, --unseen and --strangers.")
        asked = Asked(members, match_column, unseen, strangers)
        told = measure(settings, asked, reporter)
        _report(report, render_trust(told), reporter)
        show_trust(told, as_json=as_json)
        return
    with open_database(settings) as engine, engine.connect() as connection:
        spaces = published_spaces(connection)
        if not spaces:
            raise EmptyCollectionError
        connection.commit()  # describing takes long, and who stays in a transaction keeps old builds from going
        extractors = extractors_of(spaces, settings.home)
        if source is None:
            sample = describe_collection(connection, extractors, reporter)
        else:
            half = [halved(extractor) for extractor in extractors] if _halve(bf16=bf16) else []
            sample = describe_source(open_source(source), _once([*extractors, *half]), settings.home, reporter)
            _tell_left_out(sample, reporter)
        sample = _leave_out_seen(connection, sample, reporter, held_out=held_out)
        chosen = label_values(sample.descriptions, labels)
        groups = group_labels(sample.descriptions, chosen, group)
        result = evaluate(connection, spaces, sample, settings.home, reporter, labels=chosen, groups=groups).as_dict()
        if not no_store:
            with engine.begin() as writing:
                store_evaluation(writing, spaces, result)
    _report(report, render_report(result), reporter)
    if as_json:
        click.echo(json.dumps(result))
    else:
        for table in tables(result):
            console.print(table, soft_wrap=False)


def _report(file: Path | None, page: str, reporter: Reporter) -> None:
    if file:
        file.write_text(page, encoding="utf-8")
        reporter.say(f"The report is in {file}.")


def _halve(*, bf16: bool | None) -> bool:
    return computes("bf16") if bf16 is None else bf16


def _once(extractors: Sequence[Extractor]) -> list[Extractor]:
    return list({extractor.recipe_hash: extractor for extractor in extractors}.values())


def _tell_left_out(sample: Sample, reporter: Reporter) -> None:
    if sample.duplicates:
        reporter.say(f"Exact duplicates left out: {sample.duplicates:,}.")
    if sample.left_out:
        reporter.say(f"Not taken ({len(sample.left_out):,}):")
        for uri, refusal in sample.left_out[:LISTED]:
            reporter.say(f"  {uri}: {refusal.reason}: {refusal.detail}")
        if len(sample.left_out) > LISTED:
            reporter.say(f"  and {len(sample.left_out) - LISTED:,} more")


def _leave_out_seen(connection: Connection, sample: Sample, reporter: Reporter, *, held_out: bool) -> Sample:
    seen = trained_on(connection, sample)
    if held_out:
        left = without_trained_on(sample, seen)
        reporter.say(f"Seen in training, and left out: {len(sample.keys) - len(left.keys):,}.")
        return left
    for name, by_one in seen.items():
        if by_one.any():
            reporter.say(
                f"{name} was trained on {by_one.sum():,} of these {len(sample.keys):,} pictures, which flatters it; "
                "--held-out leaves them out."
            )
    return sample
