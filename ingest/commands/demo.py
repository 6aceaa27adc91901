"""`enfilade demo`: paint a collection and take it in."""

import click

from enfilade.settings import Settings
from ingest.commands.ingest import summary
from ingest.commands.writing import writing
from ingest.pipeline import ingest
from ingest.sources.manifest import Manifest
from ingest.studio import catalogue, paint_collection

__all__ = ["command"]


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Only paint and ingest.")
def command(*, no_serve: bool) -> None:
    """Paint a collection of our own and ingest it, to look around in.

    The same pictures on every machine; painting them again does nothing. `enfilade remove --source` with the manifest
    that it names takes them out again.
    """
    del no_serve  # nothing is served yet
    settings = Settings.from_environment()
    with writing(settings) as (engine, reporter):
        with reporter.stage("Paint", len(catalogue())) as advance:
            manifest = paint_collection(settings.home / "demo", on_painted=lambda: advance(1))
        report = ingest(engine, Manifest(manifest), settings.home, reporter)
    reporter.say(summary(report))
    reporter.say(f"To take these pictures out again: enfilade remove --source {manifest}")
    reporter.say("Now try: enfilade status; enfilade path 1 600")
