"""What a head is trained by: losses that draw together what shares a label. Know no pictures and no database."""

import torch
from torch import Tensor
from torch.nn import functional

from ingest.training_recipe import Mining

__all__ = ["supervised_contrastive", "triplet"]

_BEYOND = 4.0  # farther than any two unit vectors are from each other


def supervised_contrastive(placed: Tensor, classes: Tensor, temperature: float) -> Tensor:
    """Let each anchor choose, by softmax of cosines over temperature, those of its class among all others.

    placed: (n, k), rows of unit length. classes: (n,). Every class has two rows or more.
    L_out of Khosla et al., "Supervised Contrastive Learning" (2020).
    """
    itself, alike = _pairs(classes)
    likeness = (placed @ placed.T / temperature).masked_fill(itself, -torch.inf)
    logarithms = likeness - likeness.logsumexp(dim=1, keepdim=True)
    chosen = logarithms.masked_fill(~alike, 0).sum(dim=1) / alike.sum(dim=1)
    return -chosen.mean()


def triplet(placed: Tensor, classes: Tensor, margin: float, mining: Mining) -> Tensor:
    """Keep those of another class farther from each anchor than those of its own, by a margin of distance.

    placed: (n, k), rows of unit length. classes: (n,), at least two of them, each with two rows or more.
    The mean over the triplets that still fall short of the margin; 0 when none does. Which triplets:
    "semi-hard": for each pair of a class the nearest other that is farther than the positive, or else the farthest
    (Schroff, Kalenichenko and Philbin, "FaceNet", 2015). "hard": for each anchor its farthest positive and nearest
    negative (Hermans, Beyer and Leibe, "In Defense of the Triplet Loss for Person Re-Identification", 2017).
    """
    # The root has no slope at 0, where equal rows are.
    distances = (2 - 2 * placed @ placed.T).clamp_min(1e-9).sqrt()
    near, far = (_semi_hard if mining == "semi-hard" else _hard)(distances, classes)
    short = functional.relu(near - far + margin)
    return short.sum() / (short > 0).sum().clamp_min(1)


def _semi_hard(distances: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    _, alike = _pairs(classes)
    anchors, positives = alike.nonzero(as_tuple=True)
    near, others = distances[anchors, positives], distances[anchors]
    negative = classes[anchors][:, None] != classes[None, :]
    beyond = negative & (others > near[:, None])
    nearest = others.masked_fill(~beyond, _BEYOND).amin(dim=1)
    farthest = others.masked_fill(~negative, 0).amax(dim=1)
    return near, torch.where(beyond.any(dim=1), nearest, farthest)


def _hard(distances: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    itself, alike = _pairs(classes)
    return distances.masked_fill(~alike, 0).amax(dim=1), distances.masked_fill(alike | itself, _BEYOND).amin(dim=1)


def _pairs(classes: Tensor) -> tuple[Tensor, Tensor]:
    """Tell for each two rows, (n, n), whether they are one, and whether they are two of a class."""
    itself = torch.eye(len(classes), dtype=torch.bool)
    return itself, (classes[:, None] == classes[None, :]) & ~itself
