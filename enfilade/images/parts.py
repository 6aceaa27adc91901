"""Read of a stranger's file what a search looks at: the whole picture, or a part of it. Knows no spaces."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from enfilade.images.crops import Crop
from enfilade.images.decoding import decode
from enfilade.images.fingerprints import sha256
from enfilade.images.limits import Limits
from enfilade.images.scaling import thin

__all__ = ["LARGEST_SIDE", "Brought", "Seen", "decode_part"]

SHORT_SIDE: Final = 336
LONG_SIDE: Final = 900
"""Pixels that the sides of what is looked at keep of more, either the one or the other. Networks see 224 each way, and
keypoints are found on as many. What is read so lies within .1 of itself, by the angle."""
LARGEST_SIDE: Final = 2 * LONG_SIDE + 2
"""What is read has no longer side, rounding included."""
_FINEST: Final = 4 * LONG_SIDE  # a part is decoded finer than a whole picture, within reason
_WHOLE: Final = Crop(0, 0, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """A picture that is searched by: RGB, upright. file: what it was read from, where all of that is meant."""

    pixels: Image.Image
    file: bytes | None = None

    @property
    def sha256(self) -> bytes | None:
        """Hash the file, which takes as long as half a dozen questions to the database where it is large."""
        return None if self.file is None else sha256(self.file)


@dataclass(frozen=True, slots=True)
class Seen:
    """As coarse as serves a look at a part of the picture."""

    part: Crop = _WHOLE

    def least(self, width: int, height: int) -> tuple[int, int]:
        """Give the size, rounded down, that this picture may be read in."""
        factor = self._factor(width, height)
        return max(1, width // factor), max(1, height // factor)

    def shrink(self, image: Image.Image) -> Image.Image:
        """Thin what is still too fine."""
        return thin(image, self._factor(*image.size))

    def _factor(self, width: int, height: int) -> int:
        # Bounds of the part's sides, which hold too where the picture lies on its side in the file
        short = min(width, height) * min(self.part.width, self.part.height)
        long = max(width, height) * max(self.part.width, self.part.height)
        return int(max(1, short // SHORT_SIDE, long // LONG_SIDE, max(width, height) // _FINEST))


def decode_part(data: bytes, limits: Limits, crop: Crop | None = None) -> Image.Image:
    """Decode a picture, or a part as fine as a whole one would be: RGB, upright, no side above LARGEST_SIDE.

    A picture whose sides are below twice SHORT_SIDE and twice LONG_SIDE is read as members are, to the bit, if it is no
    larger than PREVIEW_SIDE. Raises RefusedImageError, too for a part that is thinner than limits allow.
    """
    if crop is None:
        return decode(data, limits=limits, scale=Seen()).pixels
    part = crop.of(decode(data, limits=limits, scale=Seen(crop)).pixels)
    limits.check_size(*part.size)
    return part
