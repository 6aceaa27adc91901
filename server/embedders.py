"""How uploads are placed: decoded apart, then seen by networks that are opened when first needed. Knows no routes."""

from pathlib import Path
from threading import BoundedSemaphore, Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection

from enfilade.descriptors import OpenEncoders
from enfilade.embedder import Embedder
from enfilade.images import Brought, Crop, Limits
from enfilade.queries.spaces import load_placer
from enfilade.spaces import Space
from server.decoding import Decoders

__all__ = ["Embedders"]

KEPT = 8
AT_ONCE = 2
"""Pictures that networks look at at a time in one process."""
MOST_PIXELS = 50_000_000


class Embedders:
    """One embedder for each space that uploads were searched in, the latest few."""

    def __init__(self, home: Path, max_upload: int) -> None:
        self._home = home
        self._decoders = Decoders(Limits(max_bytes=max_upload, max_pixels=MOST_PIXELS))
        self.encoders = OpenEncoders(home)
        self._opened: dict[int, Embedder] = {}
        self._lock = Lock()
        self._at_once = BoundedSemaphore(AT_ONCE)

    def embed(self, connection: Connection, space: Space, data: bytes, crop: Crop | None = None) -> NDArray[np.float32]:
        """Place an upload in a space: (dimensions,). Raises RefusedImageError, BackboneError, DecoderError."""
        return self.place(connection, space, self._decoders.decode(data, crop))

    def read(self, data: bytes, crop: Crop | None = None) -> Brought:
        """Read an upload, or a part of it, in a process apart. Raises RefusedImageError, DecoderError."""
        return Brought(self._decoders.decode(data, crop), None if crop and not crop.whole else data)

    def place(self, connection: Connection, space: Space, picture: Image.Image) -> NDArray[np.float32]:
        """Place an upright RGB picture in a space: (dimensions,), of unit length. Raises BackboneError."""
        embedder = self._open(connection, space)
        with self._at_once:
            return embedder.place(picture)

    def check_decoder(self) -> None:
        """See that uploads can be decoded. Raises DecoderError."""
        self._decoders.check()

    def _open(self, connection: Connection, space: Space) -> Embedder:
        with self._lock:  # so that a network is compiled once, however many ask for it first
            embedder = self._opened.pop(space.id, None)
            embedder = embedder or self._embedder(connection, space)
            self._opened[space.id] = embedder  # now the latest
            while len(self._opened) > KEPT:
                self._opened.pop(next(iter(self._opened)))
            return embedder

    def _embedder(self, connection: Connection, space: Space) -> Embedder:
        return Embedder(space, load_placer(connection, space), self._home, self.encoders)
