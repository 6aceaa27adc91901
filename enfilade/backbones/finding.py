"""Find a backbone by name, with weights: packaged, or kept in the data directory by their hash."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from enfilade.backbones.backbone import Backbone
from enfilade.backbones.lite import LITE0
from enfilade.backbones.torchvision_networks import TORCHVISION, default_url, torchvision_backbone
from enfilade.backbones.weights import fetch_weights, keep_weights, kept_weights
from enfilade.errors import BackboneError

__all__ = ["ARCHITECTURES", "find_backbone", "recall_backbone"]

ARCHITECTURES = (LITE0.name, *TORCHVISION)
"""The names of the networks that this version knows."""


def find_backbone(name: str, home: Path, weights: Path | None = None) -> Backbone:
    """Find a backbone to make a new space with, with the weights of a file, else the usual ones.

    A file is copied into the data directory. Without one, only a network that is not packaged has its weights fetched,
    once. Raises BackboneError.
    """
    _check_known(name)
    if weights is not None:
        _check_fits(name, weights)
        return _kept(name, keep_weights(name, weights, home), home)
    if name == LITE0.name:
        return LITE0
    return _kept(name, fetch_weights(name, default_url(name), home), home)


def recall_backbone(recipe: Mapping[str, Any], home: Path) -> Backbone:
    """Find the backbone that a recipe was made with, on this machine alone. Imports no torch.

    Raises BackboneError where its weights are not to be had, or this version would prepare pictures otherwise.
    """
    name = recipe["backbone"]
    _check_known(name)
    backbone = _kept(name, recipe["weights_sha256"], home)
    if any(recipe.get(member) != value for member, value in backbone.recipe().items()):
        raise BackboneError(f"{name} was made with another network or preparation than this version has.")
    if backbone is not LITE0:
        backbone.find_weights()
    return backbone


def _check_known(name: str) -> None:
    if name not in ARCHITECTURES:
        raise BackboneError(f"There is no network {name!r}. There are: {', '.join(ARCHITECTURES)}.")


def _check_fits(name: str, weights: Path) -> None:
    from enfilade.backbones.states import read_state  # noqa: PLC0415 — imports torch

    read_state(weights)
    try:
        _backbone(name, "", weights).build(weights)
    except RuntimeError as error:  # what load_state_dict raises, for the packaged network
        raise BackboneError(f"The weights in {weights} are not those of {name}.") from error


def _kept(name: str, sha256: str, home: Path) -> Backbone:
    if (name, sha256) == (LITE0.name, LITE0.weights_sha256):
        return LITE0
    return _backbone(name, sha256, kept_weights(name, sha256, home))


def _backbone(name: str, sha256: str, kept: Path) -> Backbone:
    def find_weights() -> Path:
        if not kept.is_file():
            raise BackboneError(
                f"The weights of {name} are not in {kept}. Copy the file there, "
                f"or give it again: `enfilade spaces build NAME --backbone {name} --weights FILE`."
            )
        return kept

    if name == LITE0.name:
        return replace(LITE0, weights_sha256=sha256, find_weights=find_weights)
    return torchvision_backbone(name, sha256, find_weights)
