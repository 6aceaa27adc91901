"""How a head is to be trained, on which rows and for how long. Knows no database and no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from enfilade.errors import TooFewLabelsError

__all__ = ["Loss", "Mining", "TrainingRecipe", "labelled", "steps"]

Loss = Literal["supcon", "triplet"]
Mining = Literal["semi-hard", "hard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRecipe:
    """How a head is trained, whatever the label. The defaults were chosen on a trial, docs/spaces.md."""

    loss: Loss = "supcon"
    """See ingest.losses."""
    temperature: float = 0.1
    """Of "supcon": the smaller, the more the nearest others count."""
    margin: float = 0.2
    """Of "triplet", in Euclidean distance between unit vectors."""
    mining: Mining = "semi-hard"
    """Of "triplet"."""
    epochs: int = 20
    steps_at_least: int = 100
    """A few dozen pictures fill one batch an epoch: 20 steps leave a head half trained."""
    classes: int = 32
    """In a batch, at most."""
    batch: int = 256
    """Images in a batch, at most: as many of each class."""
    hidden: int | None = None
    """Numbers in a layer between, or None for a linear map."""
    dimensions: int = 256
    dropout: float = 0.2
    """Share of a layer's inputs that a step leaves out."""
    learning_rate: float = 3e-3
    """At the start; it falls to 0 along a cosine."""
    weight_decay: float = 1e-2
    seed: int = 0
    frozen: int = 256
    share: float = 0.5
    """How the head is set beside the frozen coordinates: see enfilade.heads.set_beside."""

    def as_dict(self) -> Mapping[str, Any]:
        """Give the recipe as JSON has it, without what the other loss alone would use."""
        unused = {"supcon": {"margin", "mining"}, "triplet": {"temperature"}}[self.loss]
        return {name: value for name, value in asdict(self).items() if name not in unused}


def labelled(labels: Sequence[str | None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the rows to train on, (m,), and their classes, (m,), from 0 in the order of the labels.

    Left out are rows without a label (None or empty) and those that have theirs to themselves. Raises
    TooFewLabelsError when fewer than two labels are left.
    """
    names = np.array([label or "" for label in labels], dtype=np.str_)
    _, codes, counts = np.unique(names, return_inverse=True, return_counts=True)
    rows = np.flatnonzero((names != "") & (counts[codes] > 1))
    found, classes = np.unique(codes[rows], return_inverse=True)
    if len(found) < 2:  # noqa: PLR2004 — with one there is nothing to tell it from
        raise TooFewLabelsError(len(found))
    return rows, classes.astype(np.int64)


def steps(images: int, recipe: TrainingRecipe) -> int:
    """Count the steps of a training on so many labelled images."""
    return max(recipe.steps_at_least, recipe.epochs * -(-images // recipe.batch))
