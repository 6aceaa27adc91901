"""Place any picture's bytes in a published space, exactly as the ingest placed the collection."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from enfilade.images import Limits, decode
from enfilade.spaces import Space, extractor_of

__all__ = ["Embedder"]


class Embedder:
    """A space with its network open. Raises BackboneError where the network is not to be had."""

    def __init__(self, space: Space, home: Path) -> None:
        self.space = space
        extractor = extractor_of(space)
        self._prepare = extractor.prepare
        self._extract = extractor.open(home)

    def embed(self, data: bytes, limits: Limits | None = None) -> NDArray[np.float32]:
        """Place a file's bytes: (dimensions,), of unit length. Raises RefusedImageError."""
        picture = decode(data, limits=limits or Limits())
        features = self._extract(self._prepare(picture.pixels)[None])
        place: NDArray[np.float32] = self.space.place(features)[0]
        return place
