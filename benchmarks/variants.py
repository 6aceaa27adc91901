"""The recipes that an ablation compares: what Enfilade makes by default, and what it could make instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from enfilade.backbones import LITE0
from enfilade.descriptors import Extractor, content, style
from enfilade.descriptors.style import triangle
from enfilade.encoders import Encode, Encoder, NetworkEncoder, Outputs
from enfilade.spaces import DEFAULT_RECIPES, Part, SpaceRecipe, kinship_parts

__all__ = ["Beside", "Group", "recipe_groups"]

KINSHIP, CONTENT, STYLE = DEFAULT_RECIPES[:3]
SKETCHES = (1024, 2048, 4096, 8192)


@dataclass(frozen=True, slots=True)
class Beside:
    """Two recipes projected apart, their places set side by side."""

    first: SpaceRecipe
    second: SpaceRecipe
    weight: float
    """Of the second."""

    @property
    def extractors(self) -> tuple[Extractor, ...]:
        """The extractors of both."""
        return self.first.extractors + self.second.extractors


@dataclass(frozen=True, slots=True)
class Group:
    """Recipes that differ from one of them, the default, in one thing each."""

    name: str
    default: str
    recipes: Mapping[str, SpaceRecipe | Beside]


@dataclass(frozen=True, slots=True)
class BothWays:
    """Looks at a picture and at its mirror image, and gives the mean of what is seen."""

    encoder: Encoder

    def prepare(self, picture: Image.Image) -> NDArray[np.uint8]:
        """Make both ready: (2, …)."""
        return np.stack([self.encoder.prepare(one) for one in (picture, ImageOps.mirror(picture))])

    def open(self, home: Path) -> Encode:
        """Open the encoder, to run twice."""
        encode = self.encoder.open(home)

        def both(pixels: NDArray[np.uint8]) -> Outputs:
            upright, mirrored = encode(pixels[:, 0]), encode(pixels[:, 1])
            return {name: (upright[name] + mirrored[name]) / 2 for name in upright}

        return both

    def recipe(self) -> Mapping[str, Any]:
        """Name the encoder, and that it runs twice."""
        return {**self.encoder.recipe(), "mirrored": "mean of both"}


def recipe_groups(*, with_bf16: bool) -> Iterator[Group]:
    """List what is compared, group by group; bf16 only where it is wanted."""
    yield Group("content", "default", {"default": CONTENT, "whitening 0.5": replace(CONTENT, whitening=0.5)})
    yield Group("style", "sketched to 4,096", {**_layers(), **_sketches()})
    yield Group("kinship", "default", {"default": KINSHIP, **_kinships(), **_looks(with_bf16=with_bf16)})


def _layers() -> dict[str, SpaceRecipe]:
    parts = {layer: Part(_exact(layer)) for layer in LITE0.layers}
    alone = {f"{layer} alone, exact": replace(STYLE, parts=(part,)) for layer, part in parts.items()}
    return {**alone, "all layers, exact": replace(STYLE, parts=tuple(parts.values()))}


def _exact(layer: str) -> Extractor:
    """Describe by one layer's Gram matrix, not sketched."""

    def read(seen: Outputs) -> NDArray[np.float32]:
        return triangle(seen[layer])

    channels = LITE0.layers[layer]
    return Extractor(
        name=f"style/{layer}",
        encoder=NetworkEncoder(LITE0),
        describes={"descriptor": "style", "layers": {layer: channels}, "gram": "upper triangle, unit length"},
        dimensions=channels * (channels + 1) // 2,
        read=read,
    )


def _sketches() -> dict[str, SpaceRecipe]:
    sketched = {f"sketched to {size:,}": style(LITE0, dimensions=size) for size in SKETCHES}
    sketched["sketched to 4,096, seed 2"] = style(LITE0, dimensions=4096, seed=2)
    return {name: replace(STYLE, parts=(Part(extractor),)) for name, extractor in sketched.items()}


def _kinships() -> dict[str, SpaceRecipe | Beside]:
    styled, shown = KINSHIP.parts
    weights = {f"content weight {weight:g}": replace(shown, weight=weight) for weight in (0.0, 0.3, 1.0)}
    half = replace(KINSHIP, dimensions=KINSHIP.dimensions // 2)
    apart = [replace(half, parts=(Part(part.extractor),)) for part in KINSHIP.parts]
    return {
        **{name: replace(KINSHIP, parts=(styled, part)) for name, part in weights.items()},
        **{f"dimensions {k}": replace(KINSHIP, dimensions=k) for k in (128, 192, 320)},
        **{f"whitening {whitening:g}": replace(KINSHIP, whitening=whitening) for whitening in (0.0, 0.5, 1.0)},
        "projected apart, 128 each": Beside(apart[0], apart[1], shown.weight),
    }


def _looks(*, with_bf16: bool) -> dict[str, SpaceRecipe]:
    encoders: dict[str, Encoder] = {
        "256 pixels a side": NetworkEncoder(replace(LITE0, side=256)),
        "mirrored too, the mean": BothWays(NetworkEncoder(LITE0)),
    }
    if with_bf16:
        encoders["network in bf16"] = NetworkEncoder(LITE0, "bf16")
    return {name: _seen_by(encoder) for name, encoder in encoders.items()}


def _seen_by(encoder: Encoder) -> SpaceRecipe:
    styled, shown = (replace(extractor, encoder=encoder) for extractor in (style(LITE0), content(LITE0)))
    return replace(KINSHIP, parts=kinship_parts(styled, shown))
