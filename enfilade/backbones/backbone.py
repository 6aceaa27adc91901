"""A pretrained network, and how pictures are made ready for it. Knows no inference engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.errors import BackboneError

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Backbone"]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network without its classifier, with weights."""

    name: str
    side: int
    """Pixels on each side of its input."""
    dimensions: int
    """Channels of its last feature map, or entries of its last vector."""
    mean: float | tuple[float, float, float]
    deviation: float | tuple[float, float, float]
    """Inputs are (value - mean) / deviation, values from 0 to 255."""
    weights_sha256: str
    find_weights: Callable[[], Path] = field(compare=False)
    build: Callable[[Path], "nn.Module"] = field(compare=False)
    """Weights -> a module: normalised inputs (n, 3, side, side) -> a list, the last feature map (n, c, h, w) or vector
    (n, c) first, then the map of each of `layers`."""
    layers: Mapping[str, int] = field(default_factory=dict)
    """The layers whose Gram matrices tell style, and their channels."""
    pooling: str = "mean"
    """How the last map becomes a vector: its mean over positions, or "none" where it is one."""

    def weights(self) -> Path:
        """Find the weights' file and check it. Raises BackboneError."""
        path = self.find_weights()
        found = sha256(path.read_bytes()).hexdigest()
        if found != self.weights_sha256:
            raise BackboneError(
                f"The weights of {self.name} in {path} are not the expected ones (SHA-256 {found[:12]}…, "
                f"not {self.weights_sha256[:12]}…). Install their package again, or give the right file."
            )
        return path

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """Squash a picture, whole, to the network's square: RGB -> (side, side, 3).

        The one preprocessing for collection and query alike. The whole picture, since a crop loses a painting's edges.
        """
        square = pixels.resize((self.side, self.side), Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.asarray(square, dtype=np.uint8)

    def network(self) -> "nn.Module":
        """Build the network with its weights: uint8 (n, side, side, 3) -> what `outputs` names. Imports torch."""
        from enfilade.backbones.looking import Looking  # noqa: PLC0415 — imports torch, which takes two seconds

        return Looking(self.build(self.weights()), self.mean, self.deviation).eval()

    @property
    def outputs(self) -> tuple[str, ...]:
        """What the network gives, in order: "content" (n, dimensions), then each layer's Gram matrix (n, c, c)."""
        return ("content", *self.layers)

    def recipe(self) -> Mapping[str, Any]:
        """All that decides what features this backbone gives, for a space's recipe."""
        return {
            "backbone": self.name,
            "weights_sha256": self.weights_sha256,
            "side": self.side,
            "resize": "whole picture, bicubic, reducing gap 3",
            "mean": _plain(self.mean),
            "deviation": _plain(self.deviation),
            "pooling": self.pooling,
        }


def _plain(value: float | tuple[float, ...]) -> float | list[float]:
    return list(value) if isinstance(value, tuple) else value
