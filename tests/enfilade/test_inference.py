"""A picture's features are its own, whatever the engine and the company."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from enfilade.backbones import LITE0
from enfilade.errors import BackboneError
from enfilade.inference import BATCH, Network, _open_openvino, _open_torch, cached_network, computes

PRECISIONS = pytest.mark.parametrize("precision", ["fp32", "bf16"])


@pytest.fixture(scope="module")
def network(home: Path) -> Network:
    return _open_openvino(LITE0, home, "fp32")


@pytest.fixture(scope="module")
def pixels(gallery: Path) -> NDArray[np.uint8]:
    return np.stack([LITE0.prepare(Image.open(file).convert("RGB")) for file in sorted(gallery.glob("*.jpg"))])


def least_cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """Compare the outputs for each picture."""
    left, right = left.reshape(len(left), -1), right.reshape(len(right), -1)
    cosines = np.vecdot(left, right) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)
    return float(cosines.min())


@PRECISIONS
def test_a_batch_of_one_and_a_full_batch_agree_to_the_bit(
    network: Network, home: Path, pixels: NDArray[np.uint8], precision: str
) -> None:
    opened = network if precision == "fp32" else _open_openvino(LITE0, home, precision)
    together = opened(pixels)
    layers = [(channels, channels) for channels in LITE0.layers.values()]
    assert [output.shape for output in together] == [(len(pixels), *ends) for ends in ((LITE0.dimensions,), *layers)]
    assert len(pixels) > BATCH
    alone = zip(*(opened(pixels[index : index + 1]) for index in range(0, len(pixels), 7)), strict=True)
    for output, whole, some in zip(alone, together, opened(pixels[5:20]), strict=True):
        np.testing.assert_array_equal(np.concatenate(output), whole[::7])
        np.testing.assert_array_equal(some, whole[5:20])


def test_no_pictures_have_no_features(network: Network) -> None:
    nothing = network(np.empty((0, LITE0.side, LITE0.side, 3), dtype=np.uint8))
    assert [len(output) for output in nothing] == [0] * len(LITE0.outputs)


def test_openvino_and_torch_agree(network: Network, pixels: NDArray[np.uint8]) -> None:
    by_torch = _open_torch(LITE0, "cpu", "fp32")(pixels[:8])
    for ours, theirs in zip(network(pixels[:8]), by_torch, strict=True):
        assert least_cosine(ours, theirs) > 0.9999


def test_half_the_bits_cost_little_on_either_engine(network: Network, home: Path, pixels: NDArray[np.uint8]) -> None:
    whole = network(pixels[:8])
    by_openvino = _open_openvino(LITE0, home, "bf16")(pixels[:8])
    by_torch = _open_torch(LITE0, "cpu", "bf16")(pixels[:8])
    for halved in (by_openvino, by_torch):
        assert all(output.dtype == np.float32 for output in halved)
        assert min(map(least_cosine, halved, whole)) > 0.99
    assert not np.array_equal(by_torch[0], whole[0])
    assert np.array_equal(by_openvino[0], whole[0]) is not computes("bf16")


def test_a_converted_network_is_of_its_weights_its_preparation_and_its_layers_alone(tmp_path: Path) -> None:
    others = [
        replace(LITE0, weights_sha256="0" * 64),
        replace(LITE0, mean=0.0),
        replace(LITE0, side=256),
        replace(LITE0, layers={}),
        replace(LITE0, layers={**LITE0.layers, "block4": 41}),
    ]
    assert len({cached_network(backbone, tmp_path) for backbone in (LITE0, *others)}) == 1 + len(others)
    assert cached_network(replace(LITE0), tmp_path) == cached_network(LITE0, tmp_path)


def test_a_converted_network_needs_no_torch(network: Network, home: Path) -> None:
    del network  # it was converted
    assert cached_network(LITE0, home).exists()
    code = (
        "import sys; from pathlib import Path; import numpy as np; from enfilade.backbones import LITE0;"
        "from enfilade.inference import _open_openvino;"
        "outputs = _open_openvino(LITE0, Path(sys.argv[1]), 'fp32')(np.zeros((1, 224, 224, 3), np.uint8));"
        "assert len(outputs) == len(LITE0.outputs); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(home)], check=False).returncode == 0


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.pth").write_bytes(b"something else")
    changed = replace(LITE0, find_weights=lambda: tmp_path / "weights.pth")
    with pytest.raises(BackboneError, match="not the expected ones"):
        changed.weights()
