"""A backbone is found by its name, and found again from a recipe alone."""

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from enfilade import inference
from enfilade.backbones import ARCHITECTURES, LITE0, Backbone, find_backbone, recall_backbone
from enfilade.errors import BackboneError


class Booby:
    """Writes a file when it is unpickled."""

    def __init__(self, trap: Path) -> None:
        self.trap = trap

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.trap,))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, weights_file: Callable[[str], Path]) -> tuple[Backbone, Path]:
    """ResNet-18 of a file that is gone, and the data directory."""
    home = tmp_path_factory.mktemp("home")
    file = shutil.copyfile(weights_file("resnet18"), home / "mine.pth")
    backbone = find_backbone("resnet18", home, file)
    file.unlink()
    return backbone, home


def content(backbone: Backbone, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return inference._open_torch(backbone, "cpu", "fp32")(pixels[:2])[0]


def stored(backbone: Backbone) -> dict[str, object]:
    """A recipe, as a database gives it back."""
    recipe: dict[str, object] = json.loads(json.dumps({"precision": "fp32", **backbone.recipe()}))
    return recipe


def test_the_file_given_is_kept_and_found_again_from_the_recipe_alone(
    found: tuple[Backbone, Path], pixels: NDArray[np.uint8]
) -> None:
    backbone, home = found
    recalled = recall_backbone(stored(backbone), home)
    assert recalled.recipe() == backbone.recipe()
    assert recalled.weights().is_relative_to(home / "weights")
    np.testing.assert_array_equal(content(recalled, pixels), content(backbone, pixels))


def test_the_packaged_network_is_found_again(tmp_path: Path) -> None:
    assert recall_backbone(stored(LITE0), tmp_path) is LITE0


def test_neither_importing_nor_recalling_nor_running_a_converted_network_needs_torch(
    found: tuple[Backbone, Path],
) -> None:
    backbone, home = found
    inference._open_openvino(backbone, home, "fp32")
    code = (
        "import json, sys; from pathlib import Path; import numpy as np;"
        "from enfilade.backbones import recall_backbone;"
        "from enfilade.inference import _open_openvino; home = Path(sys.argv[1]);"
        "backbone = recall_backbone(json.loads(sys.argv[2]), home);"
        "outputs = _open_openvino(backbone, home, 'fp32')(np.zeros((1, 224, 224, 3), np.uint8));"
        "assert len(outputs) == len(backbone.outputs); sys.exit('torch' in sys.modules)"
    )
    arguments = [str(home), json.dumps(stored(backbone))]
    assert subprocess.run([sys.executable, "-c", code, *arguments], check=False).returncode == 0


def test_weights_that_are_gone_are_told_with_the_place_and_the_way_out(
    found: tuple[Backbone, Path], tmp_path: Path
) -> None:
    backbone, _ = found
    place = tmp_path / "weights" / f"resnet18-{backbone.weights_sha256[:16]}.pth"
    with pytest.raises(BackboneError, match=r"--backbone resnet18 --weights FILE") as told:
        recall_backbone(stored(backbone), tmp_path)
    assert str(place) in str(told.value)
    place.parent.mkdir()
    shutil.copyfile(backbone.weights(), place)
    assert recall_backbone(stored(backbone), tmp_path).weights() == place


@pytest.mark.parametrize("change", [{"side": 256}, {"mean": 127.0}, {"pooling": "none"}, {"resize": "a crop"}])
def test_a_recipe_of_another_preparation_is_refused(found: tuple[Backbone, Path], change: dict[str, object]) -> None:
    backbone, home = found
    with pytest.raises(BackboneError, match="another network or preparation"):
        recall_backbone(stored(backbone) | change, home)


def test_a_name_that_is_none_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BackboneError, match="resnet18, resnet50, vgg19, vit_b_16"):
        find_backbone("resnet19", tmp_path)
    assert ARCHITECTURES[0] == LITE0.name


@pytest.mark.parametrize("name", ["resnet50", "vgg19", "vit_b_16", "efficientnet_lite0"])
def test_a_file_of_another_network_is_refused_in_a_sentence_and_not_kept(
    name: str, weights_file: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(BackboneError, match=f"are not those of {name}") as told:
        find_backbone(name, tmp_path, weights_file("resnet18"))
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 500
    assert not (tmp_path / "weights").exists()


def test_missing_and_unknown_and_misshapen_weights_are_named(
    weights_file: Callable[[str], Path], tmp_path: Path
) -> None:
    state = torch.load(weights_file("resnet18"), weights_only=True)
    del state["layer1.0.conv1.weight"]
    state |= {"extra.weight": torch.ones(2), "conv1.weight": torch.ones(64, 1, 7, 7)}
    torch.save(state, tmp_path / "odd.pth")
    with pytest.raises(BackboneError) as told:
        find_backbone("resnet18", tmp_path, tmp_path / "odd.pth")
    assert "layer1.0.conv1.weight is missing" in str(told.value)
    assert "extra.weight is unknown to it" in str(told.value)
    assert "conv1.weight is of another shape" in str(told.value)


def test_the_classifier_the_counters_and_the_numeric_type_of_a_file_do_not_matter(
    found: tuple[Backbone, Path], weights_file: Callable[[str], Path], tmp_path: Path, pixels: NDArray[np.uint8]
) -> None:
    state = torch.load(weights_file("resnet18"), weights_only=True)
    bare = {key: value for key, value in state.items() if "num_batches" not in key}
    torch.save(bare | {"fc.weight": torch.ones(7, 512), "fc.bias": torch.ones(7)}, tmp_path / "seven_classes.pth")
    torch.save({key: value.double() for key, value in bare.items()}, tmp_path / "doubles.pth")
    torch.save(bare, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    expected = content(found[0], pixels)
    for file in ("seven_classes.pth", "doubles.pth", "old.pth"):
        np.testing.assert_array_equal(content(find_backbone("resnet18", tmp_path, tmp_path / file), pixels), expected)


def test_a_file_that_is_no_state_dict_is_refused_and_never_run(
    weights_file: Callable[[str], Path], tmp_path: Path
) -> None:
    trap, file = tmp_path / "trap", tmp_path / "file.pth"
    whole = weights_file("resnet18").read_bytes()
    for written in (b"", b"not these", whole[:5000], whole[: len(whole) // 2], pickle.dumps(Booby(trap))):
        file.write_bytes(written)
        with pytest.raises(BackboneError, match="is no file of weights"):
            find_backbone("resnet18", tmp_path, file)
    runs: list[object] = [Booby(trap), torch.nn.Linear(2, 2)]
    for saved in runs:
        torch.save(saved, file)
        with pytest.raises(BackboneError, match="is no file of weights"):
            find_backbone("resnet18", tmp_path, file)
    others: list[object] = [{"epoch": 3}, [torch.ones(2)], {"model": {"conv1.weight": torch.ones(2)}}]
    for saved in others:
        torch.save(saved, file)
        with pytest.raises(BackboneError, match="other than a state dict"):
            find_backbone("resnet18", tmp_path, file)
    for place in (tmp_path, tmp_path / "nowhere.pth"):
        with pytest.raises(BackboneError, match="can't be read"):
            find_backbone("resnet18", tmp_path, place)
    assert not trap.exists()
    assert not (tmp_path / "weights").exists()


def test_the_packaged_network_takes_weights_of_its_own_kind(tmp_path: Path, pixels: NDArray[np.uint8]) -> None:
    state = torch.load(LITE0.weights(), weights_only=True)
    state["_conv_stem.weight"] *= 1.5
    torch.save(state, tmp_path / "tuned.pth")
    tuned = find_backbone(LITE0.name, tmp_path, tmp_path / "tuned.pth")
    assert tuned.weights_sha256 != LITE0.weights_sha256
    assert recall_backbone(stored(tuned), tmp_path).recipe() == tuned.recipe()
    assert not np.array_equal(content(tuned, pixels), content(LITE0, pixels))
    assert find_backbone(LITE0.name, tmp_path, LITE0.weights()) is LITE0
