"""Describe pictures by several extractors at once: each encoder among them looks at a picture once."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.descriptors.extractor import Extractor
from enfilade.encoders import Encode, Encoder, Outputs

__all__ = ["Describing", "OpenEncoders", "Prepared"]

Prepared = tuple[NDArray[np.uint8], ...]
"""A picture made ready for each of the encoders."""


class OpenEncoders:
    """Encoders, each opened when it is first needed, and once. Safe in threads."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._open: dict[Encoder, Encode] = {}
        self._lock = Lock()  # a compiled network has one set of buffers, and uses every core by itself

    def encode(self, encoder: Encoder, pixels: NDArray[np.uint8]) -> Outputs:
        """Look at prepared pictures (n, …). Raises BackboneError."""
        with self._lock:
            if encoder not in self._open:
                self._open[encoder] = encoder.open(self._home)
            return self._open[encoder](pixels)

    def open(self, encoder: Encoder) -> None:
        """Open an encoder now. Raises BackboneError."""
        with self._lock:
            if encoder not in self._open:
                self._open[encoder] = encoder.open(self._home)


class Describing:
    """Extractors, ready to run."""

    def __init__(self, extractors: Sequence[Extractor], encoders: OpenEncoders) -> None:
        self.extractors = tuple(extractors)
        self._encoders = encoders
        self._looks = tuple(dict.fromkeys(extractor.encoder for extractor in extractors))

    def only(self, numbers: Sequence[int]) -> "Describing":
        """Give some of the extractors, by their places, with the encoders that are open already."""
        return Describing([self.extractors[number] for number in numbers], self._encoders)

    def open(self) -> None:
        """Open every encoder now. Raises BackboneError."""
        for encoder in self._looks:
            self._encoders.open(encoder)

    def prepare(self, picture: Image.Image) -> Prepared:
        """Make an upright RGB picture ready; called from several threads."""
        return tuple(encoder.prepare(picture) for encoder in self._looks)

    def describe(self, prepared: Sequence[Prepared]) -> list[NDArray[np.float32]]:
        """Describe n pictures: for each extractor (n, dimensions)."""
        if not prepared:
            return [np.empty((0, extractor.dimensions), dtype=np.float32) for extractor in self.extractors]
        seen = {
            encoder: self._encoders.encode(encoder, np.stack([one[number] for one in prepared]))
            for number, encoder in enumerate(self._looks)
        }
        return [extractor.features(seen[extractor.encoder]) for extractor in self.extractors]
