"""torchvision's networks without their classifiers. Knows where layers lie in them, not where weights come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enfilade.backbones.backbone import Backbone

if TYPE_CHECKING:
    from torch import nn

__all__ = ["TORCHVISION", "Architecture", "default_url", "torchvision_backbone"]

SIDE = 224
# ImageNet's, as torchvision's weights API has them, for values from 0 to 255
MEAN = (123.675, 116.28, 103.53)
DEVIATION = (58.395, 57.12, 57.375)


@dataclass(frozen=True, slots=True)
class Architecture:
    """How to have a network's features: its steps, one after the other, and which of them to look at."""

    dimensions: int
    steps: Callable[[Any], Iterable["nn.Module"]]
    """The network -> the modules from the input to its last map or vector."""
    classifier: str
    """The member that turns features into classes, which is left out."""
    layers: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Layer -> the step whose output it is, and its channels."""
    pooling: str = "mean"


def _residual(network: Any) -> Iterable["nn.Module"]:  # noqa: ANN401
    stem = (network.conv1, network.bn1, network.relu, network.maxpool)
    return (*stem, network.layer1, network.layer2, network.layer3, network.layer4)


def _features(network: Any) -> Iterable["nn.Module"]:  # noqa: ANN401
    steps: Iterable[nn.Module] = network.features
    return steps


TORCHVISION: Mapping[str, Architecture] = {
    "resnet18": Architecture(
        512, _residual, "fc", {"layer1": (4, 64), "layer2": (5, 128), "layer3": (6, 256), "layer4": (7, 512)}
    ),
    # Not layer4: 2,048 channels have 4,194,304 products, from 49 positions.
    "resnet50": Architecture(2048, _residual, "fc", {"layer1": (4, 256), "layer2": (5, 512), "layer3": (6, 1024)}),
    # The layers of VGG2Vec, after Gatys, Ecker and Bethge (2015), each after its ReLU: 610,304 products.
    "vgg19": Architecture(
        512,
        _features,
        "classifier",
        {"relu1_2": (3, 64), "relu2_2": (8, 128), "relu3_4": (17, 256), "relu4_4": (26, 512), "relu5_4": (35, 512)},
    ),
    # With its heads away, the whole network gives the class token after the last norm.
    "vit_b_16": Architecture(768, lambda network: (network,), "heads", pooling="none"),
    "convnext_tiny": Architecture(
        768, _features, "classifier", {"stage1": (1, 96), "stage2": (3, 192), "stage3": (5, 384), "stage4": (7, 768)}
    ),
    "efficientnet_b0": Architecture(
        1280, _features, "classifier", {"stage3": (3, 40), "stage4": (4, 80), "stage5": (5, 112), "stage6": (6, 192)}
    ),
    "swin_t": Architecture(768, lambda network: (*network.features, network.norm, network.permute), "head"),
}
"""The networks that this version knows, by torchvision's names."""


def torchvision_backbone(name: str, weights_sha256: str, find_weights: Callable[[], Path]) -> Backbone:
    """Make a backbone of one of `TORCHVISION`, with weights from a file. Imports no torch."""
    architecture = TORCHVISION[name]
    return Backbone(
        name=name,
        side=SIDE,
        dimensions=architecture.dimensions,
        mean=MEAN,
        deviation=DEVIATION,
        weights_sha256=weights_sha256,
        find_weights=find_weights,
        build=partial(_build, name),
        layers={layer: channels for layer, (_, channels) in architecture.layers.items()},
        pooling=architecture.pooling,
    )


def default_url(name: str) -> str:
    """Where torchvision's weights API has the best weights of a network. Imports torchvision."""
    from torchvision.models import get_model_weights  # noqa: PLC0415

    url: str = get_model_weights(name)["DEFAULT"].url
    return url


def _build(name: str, weights: Path) -> "nn.Module":
    import torch  # noqa: PLC0415
    from torchvision.models import get_model  # noqa: PLC0415

    from enfilade.backbones.states import fit_state, read_state  # noqa: PLC0415

    architecture = TORCHVISION[name]

    class Steps(torch.nn.Module):
        """A network step by step, so that layers on the way are seen."""

        def __init__(self, steps: Iterable[torch.nn.Module]) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(steps)

        def forward(self, inputs: torch.Tensor) -> list[torch.Tensor]:
            outputs = []
            for step in self.steps:
                inputs = step(inputs)
                outputs.append(inputs)
            return [inputs, *(outputs[number] for number, _ in architecture.layers.values())]

    with torch.device("meta"):  # so that no time goes into random weights
        network = get_model(name, weights=None)
    setattr(network, architecture.classifier, torch.nn.Identity())
    state = read_state(weights)
    body = {key: value for key, value in state.items() if not key.startswith(f"{architecture.classifier}.")}
    fit_state(network, body, f"The weights in {weights} are not those of {name}")
    return Steps(architecture.steps(network))
