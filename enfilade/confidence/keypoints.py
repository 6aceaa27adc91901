"""Where a picture is distinctive, and how it looks there: local features, small enough to be kept for every member.

SIFT: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (2004), by OpenCV. Of each descriptor one bit a
number is kept, whether it exceeds the descriptor's median: 16 bytes for 512 of float32, and a plain match by how many
bits differ. Knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.confidence.matching import CODE
from enfilade.errors import KeypointsError

__all__ = ["ASKED", "KEPT", "METHOD", "SIDE", "Keypoints", "find_keypoints", "strongest_keypoints"]

METHOD: Final = 1
"""Raised whenever the same picture comes to other keypoints: those that are stored are then found anew."""

SIDE: Final = 224
"""Long side, in pixels, of the copy that is looked at, enlarged where the picture is smaller: time goes by its square,
and at 400 no more second reproductions were told than here."""
KEPT: Final = 300
"""Keypoints kept of a member: 6,000 bytes."""
ASKED: Final = 200
"""Keypoints taken of a query, the strongest: in `benchmarks augmented` they tell as many members as 600 did. A member's
are taken in turn, since a blurred copy shares its coarse ones alone."""
_CONTRAST: Final = 0.02  # OpenCV's own 0.04 leaves hazy pictures without any
_OCTAVES: Final = (2.6, 5.2)
"""Sizes, in pixels, between fine, middle and coarse keypoints."""
_SUBPIXELS: Final = 256
_RECORD: Final = np.dtype([("position", "<u2", 2), ("code", "u1", CODE)])


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Keypoints of one picture, the most distinctive first.

    positions: (n, 2), x and y in pixels of a copy whose long side is SIDE. codes: (n, 16) of uint8, 128 bits each.
    """

    positions: NDArray[np.float32]
    codes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.positions)

    def to_bytes(self) -> bytes:
        """Write them, 20 bytes each: positions in 256ths of a pixel as little-endian uint16, then the code."""
        records = np.empty(len(self), dtype=_RECORD)
        records["position"] = np.clip(np.rint(self.positions * _SUBPIXELS), 0, 2**16 - 1)
        records["code"] = self.codes
        return records.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what to_bytes wrote. Raises KeypointsError for bytes of another length."""
        if len(data) % _RECORD.itemsize:
            raise KeypointsError
        records = np.frombuffer(data, dtype=_RECORD)
        return cls((records["position"] / _SUBPIXELS).astype(np.float32), records["code"])


def find_keypoints(picture: Image.Image) -> Keypoints:
    """Find the KEPT keypoints of a member, an upright picture: taken in turn from the fine, the middle and the coarse.

    A picture without edges has none. The same pixels give the same keypoints.
    """
    found, descriptors = _detect(picture)
    chosen = _in_turn(np.array([(one.size, one.response) for one in found]).reshape(-1, 2))[:KEPT]
    return _keypoints(found, descriptors, chosen)


def strongest_keypoints(picture: Image.Image) -> Keypoints:
    """Find the ASKED keypoints of a query that stand out most: the only ones described, which takes longest.

    A picture without edges has none. The same pixels give the same keypoints.
    """
    found, descriptors = _detect(picture, ASKED)
    return _keypoints(found, descriptors, np.argsort([-one.response for one in found], kind="stable")[:ASKED])


def _detect(picture: Image.Image, most: int = 0) -> tuple[Sequence[cv2.KeyPoint], NDArray[np.float32]]:
    """Find and describe keypoints, (n, 128), all or the strongest, some more where these are equally strong."""
    sift = cv2.SIFT.create(nfeatures=most, contrastThreshold=_CONTRAST)
    found, descriptors = sift.detectAndCompute(_looked_at(picture), None)
    return found, np.asarray(descriptors, dtype=np.float32) if found else np.empty((0, 8 * CODE), np.float32)


def _keypoints(found: Sequence[cv2.KeyPoint], descriptors: NDArray[np.float32], chosen: NDArray[np.int64]) -> Keypoints:
    positions = np.array([one.pt for one in found], dtype=np.float32).reshape(-1, 2)
    return Keypoints(positions[chosen], _codes(descriptors[chosen]))


def _looked_at(picture: Image.Image) -> NDArray[np.uint8]:
    scale = SIDE / max(picture.size)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return np.asarray(picture.convert("L").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0))


def _in_turn(found: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order keypoints, rows of (size, response): the strongest of each octave, then the second of each, and so on."""
    octave = np.digitize(found[:, 0], _OCTAVES)
    order = np.lexsort((-found[:, 1], octave))
    starts = np.searchsorted(octave[order], octave[order])  # where its octave begins
    turn = np.arange(len(order)) - starts
    return order[np.argsort(turn, kind="stable")]


def _codes(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.packbits(descriptors > np.median(descriptors, axis=1, keepdims=True), axis=1)
