"""What every descriptor is made into: an encoder that looks, and a way to read what it saw into one vector."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.encoders import Encoder, Outputs
from enfilade.recipes import recipe_hash

__all__ = ["Extractor"]


@dataclass(frozen=True, slots=True)
class Extractor:
    """A way to turn a picture into a feature vector."""

    name: str
    encoder: Encoder
    """Extractors of equal encoders share one look at a picture."""
    describes: Mapping[str, Any]
    """What decides the features beyond the encoder."""
    dimensions: int
    read: Callable[[Outputs], NDArray[np.float32]]
    """What was seen of n pictures -> features (n, dimensions)."""

    @property
    def recipe(self) -> Mapping[str, Any]:
        """All that decides what features it gives."""
        return {**self.describes, "stored": "fp16", **self.encoder.recipe()}

    @property
    def recipe_hash(self) -> str:
        """Tells this extractor from every other."""
        return recipe_hash(self.recipe)

    def features(self, seen: Outputs) -> NDArray[np.float32]:
        """Read features (n, dimensions), rounded to half precision.

        Rounded at once, for collection and query alike, since that is how features are stored: an uploaded member then
        gets the very vector it got when it was ingested.
        """
        return self.read(seen).astype(np.float16).astype(np.float32)
