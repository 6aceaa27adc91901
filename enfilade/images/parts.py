"""Read of a stranger's file what a search looks at: the whole picture, or a part of it. Knows no spaces."""

from typing import Final

from PIL import Image

from enfilade.images.crops import Crop
from enfilade.images.decoding import decode
from enfilade.images.limits import Limits

__all__ = ["LARGEST_SIDE", "decode_part"]

SEEN_SIDE: Final = 900
"""Pixels that the long side keeps of more. Reading a large photograph as finely as a member takes twice as long; what
is read so lies within .04 of it, by the angle, where pictures that differ are ten times as far apart."""
LARGEST_SIDE: Final = 2 * SEEN_SIDE + 2
"""What comes of either has no longer side, rounding included."""
_FINEST: Final = 4 * SEEN_SIDE  # a part is decoded finer than a whole picture, within reason


def decode_part(data: bytes, limits: Limits, crop: Crop | None = None) -> Image.Image:
    """Decode a picture, or a part as fine as a whole one would be: RGB, upright, no side above LARGEST_SIDE.

    A picture no larger than PREVIEW_SIDE is read as members are, to the bit. Raises RefusedImageError, too for a part
    that is thinner than limits allow.
    """
    if crop is None:
        return decode(data, limits=limits, side=SEEN_SIDE, thinly=True).pixels
    side = min(_FINEST, round(SEEN_SIDE / max(crop.width, crop.height)))
    part = crop.of(decode(data, limits=limits, side=side, thinly=True).pixels)
    limits.check_size(*part.size)
    return part
