"""Wrap a torch network so that it takes raw pixels and gives one vector a picture. Imports torch."""

import torch
from torch import nn

__all__ = ["Pooled"]


class Pooled(nn.Module):
    """Normalise, run the body, average its feature map over positions.

    Normalisation lies inside, so that every engine gets the same bytes. uint8 (n, side, side, 3) -> float32 (n, d).
    """

    def __init__(self, body: nn.Module, mean: float, deviation: float) -> None:
        super().__init__()
        self.body = body
        self.mean = mean
        self.deviation = deviation

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Run on a batch."""
        inputs = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.deviation
        features: torch.Tensor = self.body(inputs).mean(dim=(2, 3))
        return features
