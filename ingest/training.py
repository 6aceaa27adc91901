"""Train a head: frozen coordinates and a label for each, to a space where those of a label lie together.

Knows no database and no pictures. Importing it imports torch.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional

from enfilade.heads import Head
from ingest.losses import supervised_contrastive, triplet
from ingest.training_recipe import TrainingRecipe, labelled, steps

__all__ = ["TrainingRecipe", "labelled", "steps", "train"]

_Layers = Sequence[tuple[Tensor, Tensor]]


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
    with _one_thread():
        return _train(features, labels, recipe, report)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch use one thread: sums depend on how many share them, and matrices as small as these gain nothing."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _train(
    features: NDArray[np.float32],
    labels: Sequence[str | None],
    recipe: TrainingRecipe,
    report: Callable[[int], None] | None,
) -> Head:
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


def _begin(inputs: int, recipe: TrainingRecipe, generator: Generator) -> _Layers:
    """Draw layers that keep lengths, about, as their rows are sums of `inputs` numbers."""
    sizes = [inputs, *([recipe.hidden] if recipe.hidden else []), recipe.dimensions]
    return [
        (
            (torch.randn(taken, given, generator=generator) / taken**0.5).requires_grad_(),
            torch.zeros(given, requires_grad=True),
        )
        for taken, given in pairwise(sizes)
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
