"""Place any picture's bytes in a published space, exactly as the ingest placed the collection."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.descriptors import Describing, OpenEncoders
from enfilade.images import Crop, Limits, decode_part
from enfilade.placing import Placer
from enfilade.spaces import Space, recall_recipe

__all__ = ["Embedder"]


class Embedder:
    """A space with its networks open; safe in threads. Raises BackboneError where one is not to be had.

    Spaces that share `encoders` share their networks.
    """

    def __init__(self, space: Space, placer: Placer, home: Path, encoders: OpenEncoders | None = None) -> None:
        self.space = space
        self._placer = placer
        recipe = recall_recipe(space.name, space.recipe, home)
        self._describing = Describing(recipe.extractors, encoders or OpenEncoders(home))
        self._describing.open()

    def embed(self, data: bytes, limits: Limits | None = None, crop: Crop | None = None) -> NDArray[np.float32]:
        """Place a file's bytes, or a part of its picture: (dimensions,), of unit length. Raises RefusedImageError."""
        return self.place(decode_part(data, limits or Limits(), crop))

    def place(self, picture: Image.Image) -> NDArray[np.float32]:
        """Place an upright RGB picture: (dimensions,), of unit length."""
        features = self._describing.describe([self._describing.prepare(picture)])
        place: NDArray[np.float32] = self.space.place(self._placer, features)[0]
        return place
