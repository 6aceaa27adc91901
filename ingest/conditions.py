"""Spaces in which likeness means to share a label: what they are made of, and how their heads are trained."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from enfilade.errors import SpaceRecipeError
from enfilade.placing import TrainedHead
from enfilade.schema import image
from enfilade.spaces import DEFAULT_RECIPES, SpaceRecipe
from ingest.described import Description, value_of
from ingest.held_out import held_out
from ingest.progress import Reporter
from ingest.training_recipe import TrainingRecipe, labelled, steps

__all__ = ["CONDITION", "condition_recipe", "labels_of", "train_condition"]

CONDITION = "condition:"
"""What the names of such spaces begin with."""
LONGEST_LABEL = 100
DIMENSIONS = 512
"""Coordinates that a head sees, at most: twice those of kinship, since labels may turn on what varies little."""


def condition_recipe(label: str, training: Mapping[str, Any], held_out_share: float) -> SpaceRecipe:
    """Make the recipe of `condition:LABEL`: the parts of kinship, and a head trained on the label.

    Raises SpaceRecipeError for a label that no name can be made of.
    """
    if not label.strip() or len(label) > LONGEST_LABEL or not label.isprintable():
        raise SpaceRecipeError(f"A label is the name of a column, of up to {LONGEST_LABEL} characters on one line.")
    condition = {"label": label, "held_out": held_out_share, "training": dict(training)}
    return replace(DEFAULT_RECIPES[0], name=f"{CONDITION}{label}", dimensions=DIMENSIONS, condition=condition)


def labels_of(connection: Connection, label: str) -> dict[int, tuple[bytes, str | None]]:
    """Read what each image that is shown has for a label: image id -> its file's hash, and the value or None."""
    described = (image.c[name] for name in Description.__slots__)
    query = select(image.c.id, image.c.sha256, *described).where(image.c.hidden_at.is_(None))
    return {row[0]: (bytes(row[1]), value_of(Description(*row[2:]), label)) for row in connection.execute(query)}


def train_condition(
    connection: Connection,
    condition: Mapping[str, Any],
    image_ids: NDArray[np.int64],
    coordinates: NDArray[np.float32],
    reporter: Reporter,
) -> TrainedHead:
    """Train a head on the images that have the label and are not held out: coordinates (n, d) of n images.

    Raises TooFewLabelsError.
    """
    from ingest.training import train  # noqa: PLC0415 — imports torch, which takes two seconds

    recipe = TrainingRecipe(**condition["training"])
    told = labels_of(connection, condition["label"])
    labels = [
        None if held_out(digest, condition["held_out"]) else value
        for digest, value in (told[image_id] for image_id in image_ids.tolist())
    ]
    rows, _ = labelled(labels)
    with reporter.stage(f"Train {condition['label']}", steps(len(rows), recipe)) as advance:
        head = train(coordinates, labels, recipe, advance)
    return TrainedHead(head, recipe.frozen, recipe.share)
