"""Train a head: frozen coordinates and a label for each, to a space where those of a label lie together.

Knows no database and no pictures. Importing it imports torch.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional

from enfilade.errors import TooFewLabelsError
from enfilade.heads import Head
from ingest.losses import Mining, supervised_contrastive, triplet

__all__ = ["TrainingRecipe", "labelled", "train"]

_Layers = Sequence[tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRecipe:
    """How a head is trained, whatever the label. The defaults were chosen on a trial, docs/spaces.md."""

    loss: Literal["supcon", "triplet"] = "supcon"
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
    frozen: int = 192
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


def train(
    features: NDArray[np.float32],
    labels: Sequence[str | None],
    recipe: TrainingRecipe,
    report: Callable[[int], None] | None = None,
) -> Head:
    """Train a head on the rows of features, (n, d), that have a label others have too; see labelled.

    The same features, labels and recipe give the same head on the same machine; torch's own seed and threads are left
    as they were. report is told of every step done: of 1, as often as there are steps(…). Raises TooFewLabelsError.
    """
    rows, codes = labelled(labels)
    inputs, classes = torch.from_numpy(features[rows]), torch.from_numpy(codes)
    generator = Generator().manual_seed(recipe.seed)
    layers = _begin(features.shape[1], recipe, generator)
    total = steps(len(rows), recipe)
    optimizer = torch.optim.AdamW(
        [array for layer in layers for array in layer], lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total)
    for batch in _batches(classes, recipe, total, generator):
        placed = _forward(layers, inputs[batch], recipe.dropout, generator)
        optimizer.zero_grad()
        _loss(placed, classes[batch], recipe).backward()  # type: ignore[no-untyped-call] # torch gives it no types
        optimizer.step()
        falling.step()
        if report:
            report(1)
    return _head(layers)


def steps(images: int, recipe: TrainingRecipe) -> int:
    """Count the steps of a training on so many labelled images."""
    return max(recipe.steps_at_least, recipe.epochs * -(-images // recipe.batch))


def _begin(inputs: int, recipe: TrainingRecipe, generator: Generator) -> _Layers:
    """Draw layers that keep lengths, about, as their rows are sums of `inputs` numbers."""
    sizes = [inputs, *([recipe.hidden] if recipe.hidden else []), recipe.dimensions]
    return [
        (
            (torch.randn(taken, given, generator=generator) / taken**0.5).requires_grad_(),
            torch.zeros(given, requires_grad=True),
        )
        for taken, given in zip(sizes, sizes[1:], strict=False)
    ]


def _batches(classes: Tensor, recipe: TrainingRecipe, total: int, generator: Generator) -> Iterator[Tensor]:
    """Draw batches of some classes and equally many images of each, where there are as many: "PK" batches.

    A class is drawn by the root of its size: drawn evenly, the two images of one class would come as often as the
    hundred of another; drawn by size, rare classes would hardly come.
    """
    members = [(classes == code).nonzero().flatten() for code in range(int(classes.max()) + 1)]
    chances = torch.tensor([len(images) for images in members]).sqrt()
    drawn = min(recipe.classes, len(members))
    each = max(2, recipe.batch // drawn)
    for _ in range(total):
        codes = torch.multinomial(chances, drawn, generator=generator).tolist()
        shuffled = [members[code][torch.randperm(len(members[code]), generator=generator)] for code in codes]
        yield torch.cat([images[:each] for images in shuffled])


def _forward(layers: _Layers, rows: Tensor, dropout: float, generator: Generator) -> Tensor:
    """Do what enfilade.heads.apply does, with dropout."""
    for number, (weight, bias) in enumerate(layers):
        taken = functional.gelu(rows, approximate="tanh") if number else rows
        kept = torch.rand(taken.shape, generator=generator) >= dropout
        rows = taken * kept / (1 - dropout) @ weight + bias
    return functional.normalize(rows, dim=1)


def _loss(placed: Tensor, classes: Tensor, recipe: TrainingRecipe) -> Tensor:
    if recipe.loss == "supcon":
        return supervised_contrastive(placed, classes, recipe.temperature)
    return triplet(placed, classes, recipe.margin, recipe.mining)


def _head(layers: _Layers) -> Head:
    return Head(
        weights=tuple(weight.detach().numpy().copy() for weight, _ in layers),
        biases=tuple(bias.detach().numpy().copy() for _, bias in layers),
    )
