"""Files of weights such as a user may have, of the real architectures, filled by chance."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image

from enfilade.backbones.torchvision_networks import TORCHVISION
from ingest.studio import Work, paint

WeightsFile = Callable[[str], Path]


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory: pytest.TempPathFactory) -> WeightsFile:
    """Give a network's name, get a file with weights for its body; the classifier's are left out. Not to be changed."""
    folder = tmp_path_factory.mktemp("weights")

    @cache
    def make(name: str) -> Path:
        with torch.device("meta"):
            network = torchvision.models.get_model(name, weights=None)
        path = folder / f"{name}.pth"
        torch.save(random_state(network, without=TORCHVISION[name].classifier), path)
        return path

    return make


@pytest.fixture(scope="session")
def pictures(works: tuple[Work, ...]) -> list[Image.Image]:
    """Four pictures, of four hands."""
    return [paint(work) for work in works[::8]][:4]


@pytest.fixture(scope="session")
def pixels(pictures: list[Image.Image]) -> NDArray[np.uint8]:
    """The pictures as every network of torchvision's is given them."""
    return np.stack([np.asarray(picture.resize((224, 224), Image.Resampling.BICUBIC)) for picture in pictures])


def random_state(network: torch.nn.Module, without: str) -> dict[str, torch.Tensor]:
    """Make weights by chance, of a size at which signals neither die nor explode."""
    chance = torch.Generator().manual_seed(len(list(network.parameters())))
    buffers = dict(network.named_buffers())

    def values(key: str, like: torch.Tensor) -> torch.Tensor:
        if key.endswith("relative_position_index"):
            return torch.randint(0, 169, like.shape, generator=chance)
        if key.endswith("num_batches_tracked"):
            return torch.tensor(1)
        if key in buffers or like.dim() <= 1:  # statistics, scales and shifts
            middle = 0.0 if key.endswith(("bias", "running_mean")) else 1.0
            return middle + 0.1 * torch.rand(like.shape, generator=chance)
        return torch.randn(like.shape, generator=chance) * math.sqrt(2 / like[0].numel())

    state = network.state_dict()
    return {key: values(key, like) for key, like in state.items() if not key.startswith(f"{without}.")}
