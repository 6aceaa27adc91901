"""Bring every way of storing pixels to eight opaque bits a channel. Knows no profiles and no files."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["opaque"]

_PLAIN: Final = frozenset({"L", "RGB", "CMYK", "LAB"})
_DEPTHS: Final = tuple(2**bits - 1 for bits in (8, 10, 12, 14, 16))
_MAX_SAMPLE_VALUE: Final = 281  # this tag and the next two: TIFF 6.0, section 8
_PHOTOMETRIC_INTERPRETATION: Final = 262
_BITS_PER_SAMPLE: Final = 258
_WHITE_IS_ZERO: Final = 0
_TWO_BYTES: Final = 2


def opaque(image: Image.Image) -> Image.Image:
    """Return the picture as L, RGB, CMYK or LAB, what is transparent in it laid over white.

    The picture itself, not a copy, where it is so already.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image)
    if image.has_transparency_data:
        return _over_white(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode in _PLAIN:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _over_white(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale samples of 16 or 32 bits to 8, a transparent grey to white."""
    samples: NDArray[np.generic] = np.asarray(image)
    tags = getattr(image, "tag_v2", {})
    if image.mode == "F":
        black, white = _float_range(samples[np.isfinite(samples)])
    elif tags:
        black, white = _tiff_range(samples, tags)
    else:
        black, white = 0.0, 65535.0  # PNG and JPEG 2000: Pillow scales to the whole range
    if tags.get(_PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_ZERO:
        black, white = white, black
    if samples.itemsize == _TWO_BYTES:  # look each value up: a tenth of the memory
        grey = _scale(np.arange(2**16), black, white)[samples]
    else:
        grey = _scale(samples, black, white)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        grey[samples == transparent] = 255
    return Image.fromarray(grey)


def _scale(samples: NDArray[np.generic], black: float, white: float) -> NDArray[np.uint8]:
    scaled = np.nan_to_num(samples.astype(np.float32))
    with np.errstate(over="ignore"):  # what a float can't hold is clipped all the same
        scaled -= black
        scaled *= 255 / (white - black)
    return np.clip(np.rint(scaled, out=scaled), 0, 255, out=scaled).astype(np.uint8)


def _tiff_range(samples: NDArray[np.generic], tags: Mapping[int, Any]) -> tuple[float, float]:
    """Find the samples that mean black and white: what the file says, else the narrowest usual depth.

    Cameras and microscopes store 10, 12 or 14 bits in 16, and few say so.
    """
    least, most = float(samples.min()), float(samples.max())
    white = tags.get(_MAX_SAMPLE_VALUE)
    if tags.get(_BITS_PER_SAMPLE) == (12,):
        white = 4095
    elif isinstance(white, tuple) and white:
        white = white[0]
    if isinstance(white, int) and white >= max(most, 1):
        return 0.0, float(white)
    if least < 0 or most > _DEPTHS[-1]:
        return least, max(most, least + 1)
    return 0.0, float(next(depth for depth in _DEPTHS if most <= depth))


def _float_range(samples: NDArray[np.generic]) -> tuple[float, float]:
    """Take 0 to 1 or 0 to 255 where that holds every sample, else what there is."""
    least, most = (float(samples.min()), float(samples.max())) if samples.size else (0.0, 1.0)
    for white in (1.0, 255.0):
        if least >= 0 and most <= white:
            return 0.0, white
    return least, most if most > least else least + 1
