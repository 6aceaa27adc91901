"""Read of a stranger's file what a search looks at: the whole picture, or a part of it. Knows no spaces."""

from typing import Final

from PIL import Image

from enfilade.images.crops import Crop
from enfilade.images.decoding import decode
from enfilade.images.limits import Limits
from enfilade.images.scaling import PREVIEW_SIDE

__all__ = ["LARGEST_SIDE", "decode_part"]

LARGEST_SIDE: Final = 4 * PREVIEW_SIDE  # a part is decoded finer than a whole picture, within reason


def decode_part(data: bytes, limits: Limits, crop: Crop | None = None) -> Image.Image:
    """Decode a picture, or a part as fine as a whole one would be: RGB, upright, no side above LARGEST_SIDE.

    Raises RefusedImageError, too for a part that is thinner than limits allow.
    """
    if crop is None:
        return decode(data, limits=limits).pixels
    side = min(LARGEST_SIDE, round(PREVIEW_SIDE / max(crop.width, crop.height)))
    part = crop.of(decode(data, limits=limits, side=side).pixels)
    limits.check_size(*part.size)
    return part
