"""torchvision's networks give torchvision's features, whatever the engine, the precision and the company."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision  # type: ignore[import-untyped]
from numpy.typing import NDArray
from torch import nn

from enfilade import inference
from enfilade.backbones import Backbone, find_backbone
from enfilade.backbones.torchvision_networks import TORCHVISION
from enfilade.descriptors.style import triangle
from enfilade.inference import Network

Outputs = list[NDArray[np.float32]]
BATCH = 4
"""Pictures at once, so that the large networks are done in seconds."""
every_network = pytest.mark.parametrize("name", TORCHVISION)
each_kind = pytest.mark.parametrize("name", ["resnet18", "vgg19", "vit_b_16", "swin_t"])
"""Converting takes seconds, so one network of each kind: residual, plain, and two kinds of attention."""


@dataclass(frozen=True)
class Seen:
    """A network, and what it made of the pictures by way of torch."""

    backbone: Backbone
    weights: Path
    by_torch: Outputs
    home: Path

    def network(self, precision: str = "fp32") -> Network:
        """Open it in OpenVINO; converted once."""
        return inference._open_openvino(self.backbone, self.home, precision)


@pytest.fixture(scope="module", autouse=True)
def _few_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inference, "BATCH", BATCH)
        yield


@pytest.fixture(scope="module")
def seen(
    tmp_path_factory: pytest.TempPathFactory, weights_file: Callable[[str], Path], pixels: NDArray[np.uint8]
) -> Callable[[str], Seen]:
    """Give a network's name, get it found, and run by torch; once."""
    home = tmp_path_factory.mktemp("home")

    @cache
    def look(name: str) -> Seen:
        backbone = find_backbone(name, home, weights_file(name))
        by_torch = inference._open_torch(backbone, "cpu", "fp32")(pixels)
        return Seen(backbone, weights_file(name), by_torch, home)

    return look


def reference(name: str, weights: Path) -> Any:  # noqa: ANN401
    """torchvision's own network of these weights, with what the file lacks left unmade."""
    with torch.device("meta"):
        network = torchvision.models.get_model(name, weights=None)
    missing, unexpected = network.load_state_dict(torch.load(weights, weights_only=True), strict=False, assign=True)
    assert not unexpected
    assert all(key.startswith(TORCHVISION[name].classifier) for key in missing)
    return network.eval()


def normalised(name: str, pixels: NDArray[np.uint8]) -> torch.Tensor:
    """Normalise as torchvision says for its weights."""
    said = torchvision.models.get_model_weights(name)["DEFAULT"].transforms()
    scaled = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
    inputs: torch.Tensor = torchvision.transforms.functional.normalize(scaled, said.mean, said.std)
    return inputs


def least_cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """Compare row by row, also what sets the pictures apart, which the common part of their features would hide."""
    pairs = [(left, right), (left - right.mean(0), right - right.mean(0))]
    cosines = [
        np.vecdot(a, b) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        for a, b in ((a.reshape(len(a), -1).astype(float), b.reshape(len(b), -1).astype(float)) for a, b in pairs)
    ]
    return float(np.min(cosines))


@torch.inference_mode()
def test_resnet18_gives_what_the_three_lines_of_the_article_give(
    seen: Callable[[str], Seen], pixels: NDArray[np.uint8]
) -> None:
    ours = seen("resnet18")
    model = torchvision.models.resnet18()
    model.load_state_dict(torch.load(ours.weights, weights_only=True), strict=False)
    theirs = nn.Sequential(*list(model.eval().children())[:-2])(normalised("resnet18", pixels)).mean(dim=(2, 3))
    np.testing.assert_allclose(ours.by_torch[0], theirs.numpy(), rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_vgg19_gives_the_articles_gram_matrices(seen: Callable[[str], Seen], pixels: NDArray[np.uint8]) -> None:
    ours = seen("vgg19")
    features = reference("vgg19", ours.weights).features
    convolutions = [number for number, step in enumerate(features) if isinstance(step, nn.Conv2d)]
    watched = [convolutions[index] + 1 for index in (1, 3, 7, 11, 15)]  # the ReLUs of conv1_2, 2_2, 3_4, 4_4, 5_4
    maps: list[torch.Tensor] = []
    for number in watched:
        features[number].register_forward_hook(lambda _step, _inputs, output: maps.append(output.clone()))
    last = features(normalised("vgg19", pixels[:1]))
    assert list(ours.backbone.layers) == ["relu1_2", "relu2_2", "relu3_4", "relu4_4", "relu5_4"]
    np.testing.assert_allclose(ours.by_torch[0][:1], last.mean(dim=(2, 3)).numpy(), rtol=1e-4, atol=1e-5)
    for gram, watching in zip(ours.by_torch[1:], maps, strict=True):
        direct = torch.einsum("ap,bp->ab", watching[0].double().flatten(1), watching[0].double().flatten(1))
        np.testing.assert_allclose(gram[0], direct.numpy() / watching[0, 0].numel(), rtol=1e-4, atol=1e-6)


def test_vgg19_gives_610304_products_of_which_305888_are_distinct(seen: Callable[[str], Seen]) -> None:
    grams = seen("vgg19").by_torch[1:]
    assert sum(gram[0].size for gram in grams) == 610_304
    assert sum(triangle(gram[:1]).size for gram in grams) == 305_888


@torch.inference_mode()
def test_the_vision_transformer_gives_what_torchvision_gives_without_heads(
    seen: Callable[[str], Seen], pixels: NDArray[np.uint8]
) -> None:
    ours = seen("vit_b_16")
    network = reference("vit_b_16", ours.weights)
    network.heads = nn.Identity()
    np.testing.assert_allclose(ours.by_torch[0], network(normalised("vit_b_16", pixels)).numpy(), rtol=1e-3, atol=1e-4)


@every_network
def test_the_outputs_are_of_the_promised_shapes(seen: Callable[[str], Seen], name: str) -> None:
    ours = seen(name)
    shapes = [(ours.backbone.dimensions,), *((channels, channels) for channels in ours.backbone.layers.values())]
    assert [output.shape[1:] for output in ours.by_torch] == shapes
    assert all(np.isfinite(output).all() and np.ptp(output, axis=0).max() > 0 for output in ours.by_torch)


@each_kind
def test_openvino_and_torch_agree_and_a_picture_alone_and_in_company_to_the_bit(
    seen: Callable[[str], Seen], pixels: NDArray[np.uint8], name: str
) -> None:
    ours = seen(name)
    network = ours.network()
    together = network(pixels)
    for by_openvino, by_torch in zip(together, ours.by_torch, strict=True):
        assert least_cosine(by_openvino, by_torch) > 0.9999
    for one, all_of_them in zip(network(pixels[2:3]), together, strict=True):
        np.testing.assert_array_equal(one, all_of_them[2:3])


@pytest.mark.parametrize("name", ["resnet18", "vgg19"])
def test_half_the_bits_cost_little_even_in_sums_over_fifty_thousand_positions(
    seen: Callable[[str], Seen], pixels: NDArray[np.uint8], name: str
) -> None:
    ours = seen(name)
    for network in (ours.network("bf16"), inference._open_torch(ours.backbone, "cpu", "bf16")):
        for halved, whole in zip(network(pixels), ours.by_torch, strict=True):
            assert least_cosine(halved, whole) > 0.99
