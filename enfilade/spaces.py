"""A space: one meaning of likeness, versioned, with everything needed to place a picture in it. Knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import LITE0
from enfilade.descriptors import Extractor, colour, content, recall_extractor, style
from enfilade.placing import Placer
from enfilade.recipes import recipe_hash

__all__ = ["DEFAULT_RECIPES", "Part", "Space", "SpaceRecipe", "join_parts", "kinship_parts", "recall_recipe"]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of features that a space is made of, and how much it counts."""

    extractor: Extractor
    weight: float = 1.0
    unit: bool = False
    """Whether each picture's features are scaled to unit length first, as where parts stand side by side."""

    def as_dict(self) -> Mapping[str, Any]:
        """Give the part as JSON has it."""
        return {"extractor": dict(self.extractor.recipe), "weight": self.weight, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class SpaceRecipe:
    """How a space is to be made."""

    name: str
    parts: tuple[Part, ...]
    dimensions: int = 128
    """At most; a small collection has fewer to give."""
    whitening: float = 0.0
    """See enfilade.pca.project. At 0 the coordinates keep their singular values, at 1 they lose them and neighbours."""
    condition: Mapping[str, Any] | None = None
    """What a head is trained on, and how: "label", the share "held_out", and "training"; see ingest.conditions."""

    def as_dict(self) -> Mapping[str, Any]:
        """Give the recipe as JSON has it."""
        recipe: dict[str, Any] = {
            "parts": [part.as_dict() for part in self.parts],
            "projection": {"method": "pca", "dimensions": self.dimensions, "whitening": self.whitening},
        }
        return recipe if self.condition is None else {**recipe, "condition": dict(self.condition)}

    @property
    def extractors(self) -> tuple[Extractor, ...]:
        """The extractors of its parts."""
        return tuple(part.extractor for part in self.parts)

    @property
    def recipe_hash(self) -> str:
        """Tells this recipe from every other."""
        return recipe_hash(self.as_dict())


def kinship_parts(style_of: Extractor, content_of: Extractor) -> tuple[Part, ...]:
    """Set style and content side by side. The weights were chosen on a trial, docs/spaces.md."""
    return Part(style_of), Part(content_of, weight=0.6, unit=True)


_CONTENT, _STYLE = content(LITE0), style(LITE0)
DEFAULT_RECIPES = (
    SpaceRecipe("kinship", kinship_parts(_STYLE, _CONTENT), dimensions=256, whitening=0.3),
    SpaceRecipe("content", (Part(_CONTENT),)),
    SpaceRecipe("style", (Part(_STYLE),), whitening=0.5),
    SpaceRecipe("colour", (Part(colour()),)),
)
"""The spaces that an ingest makes; the first is the default one."""


def recall_recipe(name: str, recipe: Mapping[str, Any], home: Path) -> SpaceRecipe:
    """Read a recipe back from JSON. Raises BackboneError where a network of it is not to be had."""
    return SpaceRecipe(
        name=name,
        parts=tuple(
            Part(recall_extractor(part["extractor"], home), part["weight"], part["unit"]) for part in recipe["parts"]
        ),
        dimensions=recipe["projection"]["dimensions"],
        whitening=recipe["projection"]["whitening"],
        condition=recipe.get("condition"),
    )


def join_parts(parts: Sequence[Mapping[str, Any]], features: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Set the features of a recipe's parts side by side, each scaled as it says: one (n, d) for each -> (n, all d)."""
    return np.concatenate([_scaled(part, block) for part, block in zip(parts, features, strict=True)], axis=1)


def _scaled(part: Mapping[str, Any], block: NDArray[np.float32]) -> NDArray[np.float32]:
    if part["unit"]:
        lengths = np.linalg.norm(block, axis=1, keepdims=True)
        block = block / np.maximum(lengths, np.finfo(np.float32).tiny)
    scaled: NDArray[np.float32] = block * np.float32(part["weight"])
    return scaled


@dataclass(frozen=True, slots=True)
class Space:
    """A space, as it lies in the database; its placer, which is large, is loaded where something is placed."""

    id: int
    name: str
    version: int
    dimensions: int
    fitted_on: int
    """How many images its projection was fitted on."""
    recipe: Mapping[str, Any]
    extractor_ids: Sequence[int] = field(default=())
    """The extractors of its parts."""

    def place(self, placer: Placer, features: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Place the features of its parts, (n, d) each: (n, dimensions), rows of unit length."""
        return placer.place(join_parts(self.recipe["parts"], features))
