"""A space: one meaning of likeness, versioned, with everything needed to place a picture in it. Knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import BACKBONES
from enfilade.descriptors import Extractor
from enfilade.descriptors.content import content
from enfilade.errors import BackboneError
from enfilade.pca import Projection, project
from enfilade.recipes import recipe_hash

__all__ = ["DEFAULT_RECIPES", "Space", "SpaceRecipe", "extractor_of"]


@dataclass(frozen=True, slots=True)
class SpaceRecipe:
    """How a space is to be made."""

    name: str
    extractor: Extractor
    dimensions: int = 128
    """At most; a small collection has fewer to give."""
    whitening: float = 0.0
    """See enfilade.pca.project. At 0 the coordinates keep their singular values, at 1 they lose them and neighbours."""

    def as_dict(self) -> Mapping[str, Any]:
        """Give the recipe as JSON has it."""
        return {
            "extractor": dict(self.extractor.recipe),
            "projection": {"method": "pca", "dimensions": self.dimensions, "whitening": self.whitening},
        }

    @property
    def recipe_hash(self) -> str:
        """Tells this recipe from every other."""
        return recipe_hash(self.as_dict())


DEFAULT_RECIPES = (SpaceRecipe("content", content(BACKBONES["efficientnet_lite0"])),)
"""The spaces that an ingest makes; the first is the default one."""


@dataclass(frozen=True, slots=True)
class Space:
    """A space, as it lies in the database; its projection, which is large, is loaded where something is placed."""

    id: int
    name: str
    version: int
    dimensions: int
    fitted_on: int
    """How many images its projection was fitted on."""
    extractor_id: int
    recipe: Mapping[str, Any]

    def place(self, projection: Projection, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Place features (n, d) of its extractor by its projection: (n, dimensions), rows of unit length."""
        return project(projection, features, whitening=self.recipe["projection"]["whitening"])


def extractor_of(space: Space) -> Extractor:
    """Find the extractor that a space was made with. Raises BackboneError where this version has another."""
    wanted = space.recipe["extractor"]
    backbone = BACKBONES.get(wanted["backbone"])
    if backbone is None:
        raise BackboneError(f"The space {space.name!r} was made with the network {wanted['backbone']!r}, unknown here.")
    extractor = content(backbone)
    if extractor.recipe != wanted:
        raise BackboneError(
            f"The space {space.name!r} (version {space.version}) was made with another network or preparation than "
            "this version has. Run `enfilade ingest` on your source again: it makes a new version of the space."
        )
    return extractor
