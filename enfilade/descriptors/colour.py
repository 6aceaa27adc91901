"""Which colours a picture has, as they are seen: a soft histogram in CIELAB. No network."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from enfilade.descriptors.extractor import Extractor
from enfilade.encoders import Encode, Outputs

__all__ = ["PaletteEncoder", "colour"]

SIDE = 64
LIGHTNESS = np.linspace(0, 100, 8)
CHROMA = np.linspace(-80, 80, 11)
"""Centres of the bins along L*, and along a* and b*: 14 and 16 units apart, some six just noticeable differences."""


@dataclass(frozen=True, slots=True)
class PaletteEncoder:
    """Looks at a picture's colours in a small copy of it."""

    side: int = SIDE

    def prepare(self, picture: Image.Image) -> NDArray[np.uint8]:
        """Shrink a picture by averaging and go over to CIELAB (D50) in 8 bits: (side, side, 3)."""
        small = picture.resize((self.side, self.side), Image.Resampling.BOX)
        lab = ImageCms.applyTransform(small, _to_lab())
        assert lab is not None  # noqa: S101 — it is None in place only
        return np.asarray(lab, dtype=np.uint8)

    def open(self, home: Path) -> Encode:
        """Give the pixels themselves."""
        del home
        return lambda pixels: {"lab": pixels}

    def recipe(self) -> Mapping[str, Any]:
        """Name the size and the colours."""
        return {
            "side": self.side,
            "resize": "whole picture, box",
            "colours": "CIELAB D50, 8 bits, relative colorimetric",
        }


def colour() -> Extractor:
    """Describe pictures by the shares of their colours: a soft histogram in CIELAB, its square roots.

    Each pixel is shared among the eight nearest of 8 x 11 x 11 colours by trilinear interpolation, so that a slight
    change of colour changes the histogram slightly. Square roots (Hellinger) keep a large ground from hiding the rest.
    """
    return Extractor(
        name="colour",
        encoder=PaletteEncoder(),
        describes={
            "descriptor": "colour",
            "histogram": "trilinear, square root",
            "lightness": LIGHTNESS.tolist(),
            "chroma": CHROMA.tolist(),
        },
        dimensions=len(LIGHTNESS) * len(CHROMA) ** 2,
        read=_read,
    )


def _read(seen: Outputs) -> NDArray[np.float32]:
    return np.stack([_histogram(pixels.reshape(-1, 3)) for pixels in seen["lab"]])


def _histogram(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Count 8-bit CIELAB pixels (n, 3) softly: (bins,), of unit length."""
    lightness = pixels[:, 0] / 255 * 100
    # Little CMS gives a* and b* as signed bytes.
    chroma = pixels[:, 1:].view(np.int8).astype(np.float64)
    axes = [
        _shares(values, centres)
        for values, centres in ((lightness, LIGHTNESS), (chroma[:, 0], CHROMA), (chroma[:, 1], CHROMA))
    ]
    counts = np.zeros(len(LIGHTNESS) * len(CHROMA) ** 2)
    for corner in np.ndindex(2, 2, 2):
        (l_bin, l_share), (a_bin, a_share), (b_bin, b_share) = (
            (low + upper, share if upper else 1 - share) for (low, share), upper in zip(axes, corner, strict=True)
        )
        bins = (l_bin * len(CHROMA) + a_bin) * len(CHROMA) + b_bin
        counts += np.bincount(bins, l_share * a_share * b_share, minlength=len(counts))
    return np.sqrt(counts / len(pixels)).astype(np.float32)


def _shares(values: NDArray[np.float64], centres: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the lower neighbouring centre of each value, and the upper one's share of it."""
    step = centres[1] - centres[0]
    position = np.clip((values - centres[0]) / step, 0, len(centres) - 1)
    low = np.minimum(position.astype(np.int64), len(centres) - 2)
    return low, position - low


@lru_cache(maxsize=1)
def _to_lab() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
