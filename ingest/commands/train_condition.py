"""`enfilade train-condition`: a space in which likeness means to share a label."""

import json
from typing import Any, get_args

import click

from enfilade.commands.options import json_option
from enfilade.errors import EmptyCollectionError
from enfilade.evaluation.measures import LabelEvaluation
from enfilade.queries.images import count_images
from enfilade.settings import Settings
from ingest.commands.writing import writing
from ingest.conditions import condition_recipe
from ingest.evaluating import measure_held_out
from ingest.pipeline import publish
from ingest.training_recipe import Loss, Mining, TrainingRecipe

__all__ = ["command"]


@click.command("train-condition")
@click.option("--label", required=True, metavar="COLUMN", help="What ought to be alike: artist, style, any column.")
@click.option("--loss", type=click.Choice(get_args(Loss)), help="Supervised contrastive (the default), or triplets.")
@click.option("--margin", type=click.FloatRange(0, 2, min_open=True), help="Of triplets.")
@click.option("--mining", type=click.Choice(get_args(Mining)), help="Of triplets.")
@click.option("--temperature", type=click.FloatRange(0, 2, min_open=True), help="Of the supervised contrastive loss.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="Times that every labelled image is seen.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Of everything that chance decides in training.")
@click.option("--share", type=click.FloatRange(0, 1), help="How much the head counts beside what it was given.")
@click.option(
    "--held-out",
    default=20,
    show_default=True,
    type=click.IntRange(0, 90),
    metavar="PERCENT",
    help="Images that are kept from training, to measure its outcome on; chosen by their hash.",
)
@json_option
def command(label: str, held_out: int, *, as_json: bool, **training: Any) -> None:  # noqa: ANN401 — TrainingRecipe's
    """Train a head on the images that have a value in COLUMN, and publish the space `condition:COLUMN`.

    It is a space like any other: neighbours, paths and uploads work in it, and later ingests keep it up to date.
    Trained again it makes a new version; `enfilade spaces bring-back condition:COLUMN` undoes that.
    """
    recipe = TrainingRecipe(**{name: value for name, value in training.items() if value is not None})
    wanted = condition_recipe(label, recipe.as_dict(), held_out / 100)
    settings = Settings.from_environment()
    with writing(settings, f"enfilade train-condition {label}") as (engine, reporter):
        with engine.connect() as connection:
            if not count_images(connection):
                raise EmptyCollectionError
        publish(engine, settings.home, reporter, recipes=[wanted], anew=True)
        with engine.connect() as connection:
            measured = measure_held_out(connection, wanted.name)
        reporter.say(f"The space {wanted.name} is published. `enfilade spaces retire {wanted.name}` undoes it.")
    if measured:
        reporter.say(_gain(wanted.name, label, *measured))
    else:
        reporter.say("Too few images were held out to measure it on.")
    if as_json:
        told = {"space": wanted.name, "recipe": wanted.as_dict()["condition"]}
        if measured:
            told["held_out"] = {measured[0]: measured[1].as_dict(), wanted.name: measured[2].as_dict()}
        click.echo(json.dumps(told))


def _gain(name: str, label: str, other: str, before: LabelEvaluation, after: LabelEvaluation) -> str:
    """Say what the condition gained over another space."""
    if not (before.map_at_10 and after.map_at_10 and after.versus):
        return "No two of the images held out share a value, so it can't be measured on them."
    low, high = after.versus.map_at_10.interval
    return (
        f"On {len(after.retrieval.queries):,} images held out, mAP@10 by {label}: {name} {after.map_at_10.value:.3f}, "
        f"{other} {before.map_at_10.value:.3f}; the difference is in [{low:+.3f}, {high:+.3f}]."
    )
