"""Place any picture's bytes in a published space, exactly as the ingest placed the collection."""

from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from enfilade.images import PREVIEW_SIDE, Crop, Limits, decode
from enfilade.pca import Projection
from enfilade.spaces import Space, extractor_of

__all__ = ["Embedder"]

LARGEST_SIDE = 4 * PREVIEW_SIDE  # a crop is decoded finer than a whole picture, within reason


class Embedder:
    """A space with its network open; safe in threads. Raises BackboneError where the network is not to be had."""

    def __init__(self, space: Space, projection: Projection, home: Path) -> None:
        self.space = space
        self._projection = projection
        extractor = extractor_of(space)
        self._prepare = extractor.prepare
        self._extract = extractor.open(home)
        self._lock = Lock()  # a compiled network has one set of buffers, and uses every core by itself

    def embed(self, data: bytes, limits: Limits | None = None, crop: Crop | None = None) -> NDArray[np.float32]:
        """Place a file's bytes, or a part of its picture: (dimensions,), of unit length. Raises RefusedImageError."""
        limits = limits or Limits()
        side = PREVIEW_SIDE if crop is None else min(LARGEST_SIDE, round(PREVIEW_SIDE / max(crop.width, crop.height)))
        pixels = decode(data, limits=limits, side=side).pixels
        if crop is not None:
            pixels = crop.of(pixels)
            limits.check_size(*pixels.size)
        prepared = self._prepare(pixels)[None]
        with self._lock:
            features = self._extract(prepared)
        place: NDArray[np.float32] = self.space.place(self._projection, features)[0]
        return place
