"""A picture's features are its own, whatever the engine and the company."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from enfilade.backbones import BACKBONES
from enfilade.errors import BackboneError
from enfilade.inference import BATCH, Network, cached_network, open_network

LITE = BACKBONES["efficientnet_lite0"]


@pytest.fixture(scope="module")
def network(home: Path) -> Network:
    return open_network(LITE, home)


@pytest.fixture(scope="module")
def pixels(gallery: Path) -> NDArray[np.uint8]:
    return np.stack([LITE.prepare(Image.open(file).convert("RGB")) for file in sorted(gallery.glob("*.jpg"))])


def test_a_batch_of_one_and_a_full_batch_agree_to_the_bit(network: Network, pixels: NDArray[np.uint8]) -> None:
    together = network(pixels)
    assert together.shape == (len(pixels), LITE.dimensions)
    assert len(pixels) > BATCH
    alone = np.concatenate([network(pixels[index : index + 1]) for index in range(0, len(pixels), 7)])
    np.testing.assert_array_equal(alone, together[::7])
    np.testing.assert_array_equal(network(pixels[5:20]), together[5:20])


def test_openvino_and_torch_agree(network: Network, pixels: NDArray[np.uint8]) -> None:
    with torch.inference_mode():
        by_torch = LITE.network()(torch.from_numpy(pixels[:8])).numpy()
    by_openvino = network(pixels[:8])
    cosines = np.vecdot(by_torch, by_openvino) / np.linalg.norm(by_torch, axis=1) / np.linalg.norm(by_openvino, axis=1)
    assert cosines.min() > 0.9999


def test_a_converted_network_needs_no_torch(network: Network, home: Path) -> None:
    del network  # it was converted
    assert cached_network(LITE, home).exists()
    code = (
        "import sys; from pathlib import Path; import numpy as np; from enfilade.backbones import BACKBONES;"
        "from enfilade.inference import open_network;"
        "open_network(BACKBONES['efficientnet_lite0'], Path(sys.argv[1]))(np.zeros((1, 224, 224, 3), np.uint8));"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(home)], check=False).returncode == 0


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.pth").write_bytes(b"something else")
    changed = replace(LITE, find_weights=lambda: tmp_path / "weights.pth")
    with pytest.raises(BackboneError, match="not the expected ones"):
        changed.weights()
