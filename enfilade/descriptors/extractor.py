"""What every descriptor is made into: a recipe, and a way to run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.recipes import recipe_hash

__all__ = ["Extract", "Extractor"]

Extract = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Prepared pixels (n, …) -> features (n, dimensions), the same for a picture whatever its company in the batch."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """A way to turn a picture into a feature vector."""

    name: str
    recipe: Mapping[str, Any]
    dimensions: int
    prepare: Callable[[Image.Image], NDArray[np.uint8]]
    """An upright RGB picture -> what the network takes; called from several threads."""
    open: Callable[[Path], Extract]
    """Load the network, given the data directory. Raises BackboneError."""

    @property
    def recipe_hash(self) -> str:
        """Tells this extractor from every other."""
        return recipe_hash(self.recipe)
