"""What looks at a picture first, so that descriptors can be made of what it saw: a network, or the colours alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.backbones import Backbone
from enfilade.inference import open_network

__all__ = ["Encode", "Encoder", "NetworkEncoder", "Outputs", "Precision"]

Precision = Literal["fp32", "bf16"]
Outputs = Mapping[str, NDArray[Any]]
"""What was seen of n pictures, by name: arrays whose first axis has length n."""
Encode = Callable[[NDArray[np.uint8]], Outputs]
"""Prepared pixels (n, …) -> outputs, the same for a picture whatever its company in the batch."""


class Encoder(Protocol):
    """Looks at pictures; several descriptors may share one, which then looks once. Hashable."""

    def prepare(self, picture: Image.Image) -> NDArray[np.uint8]:
        """Make an upright RGB picture ready; called from several threads."""

    def open(self, home: Path) -> Encode:
        """Load what it takes, given the data directory. Raises BackboneError."""

    def recipe(self) -> Mapping[str, Any]:
        """All that decides what it sees."""


@dataclass(frozen=True, slots=True)
class NetworkEncoder:
    """A backbone, run in a numeric precision."""

    backbone: Backbone
    precision: Precision = "fp32"

    def __hash__(self) -> int:
        return hash((self.backbone.name, self.backbone.weights_sha256, self.precision))

    def prepare(self, picture: Image.Image) -> NDArray[np.uint8]:
        """Squash the picture to the network's square."""
        return self.backbone.prepare(picture)

    def open(self, home: Path) -> Encode:
        """Open the network on the best engine here."""
        network = open_network(self.backbone, home, self.precision)
        names = self.backbone.outputs

        def encode(pixels: NDArray[np.uint8]) -> Outputs:
            return dict(zip(names, network(pixels), strict=True))

        return encode

    def recipe(self) -> Mapping[str, Any]:
        """Name the backbone, its weights and preparation, and the precision."""
        return {"precision": self.precision, **self.backbone.recipe()}
