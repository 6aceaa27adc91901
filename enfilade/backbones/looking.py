"""Wrap a torch network so that it takes raw pixels and gives what descriptors are made of. Imports torch."""

import torch
from torch import nn

__all__ = ["Looking", "gram"]

MAP = 4  # axes of a feature map: pictures, channels, rows, columns
LONGEST = 4096
"""Positions that are summed at once. OpenVINO splits a longer sum among threads where a batch is small (one of 50,176
in fp32, at two threads), and a picture alone would get other bits than in company."""


class Looking(nn.Module):
    """Normalise, run the body once, pool its last map, and take the Gram matrix of each layer on the way.

    Normalisation lies inside, so that every engine gets the same bytes. uint8 (n, side, side, 3) -> a tuple: float32
    (n, d), then (n, c, c) for each layer.
    """

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, body: nn.Module, mean: float | tuple[float, ...], deviation: float | tuple[float, ...]) -> None:
        super().__init__()
        self.body = body
        self.register_buffer("mean", torch.tensor(mean).reshape(-1, 1, 1))
        self.register_buffer("deviation", torch.tensor(deviation).reshape(-1, 1, 1))

    def forward(self, pixels: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Run on a batch."""
        inputs = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.deviation
        last, *layers = self.body(inputs)
        content = last.mean(dim=(2, 3)) if last.dim() == MAP else last
        return content, *(gram(layer) for layer in layers)


def gram(layer: torch.Tensor) -> torch.Tensor:
    """Correlate the channels of feature maps over their positions: (n, c, h, w) -> (n, c, c).

    Gatys, Ecker and Bethge, "A Neural Algorithm of Artistic Style" (2015); divided by the number of positions.
    """
    positions = int(layer.shape[2] * layer.shape[3])
    pieces = next(n for n in range(1, positions + 1) if positions % n == 0 and positions <= n * LONGEST)
    channels = layer.reshape(-1, layer.shape[1], pieces, positions // pieces).transpose(1, 2)
    grams: torch.Tensor = (channels @ channels.transpose(2, 3)).sum(dim=1) / positions
    return grams
