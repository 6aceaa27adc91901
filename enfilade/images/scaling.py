"""Shrink pictures, never enlarge them: into a square, or by whole factors, which is faster. Knows nothing else."""

from dataclasses import dataclass
from typing import Final, Protocol

from PIL import Image

__all__ = ["PREVIEW_SIDE", "THUMBNAIL_SIDE", "Fit", "Scale", "fit", "fitted_size", "thin"]

PREVIEW_SIDE: Final = 1200
THUMBNAIL_SIDE: Final = 480


def fitted_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Return the size whose long side is at most side, in the same proportion, no side under one pixel."""
    long = max(width, height)
    if long <= side:
        return width, height
    return max(1, round(width * side / long)), max(1, round(height * side / long))


def fit(image: Image.Image, side: int) -> Image.Image:
    """Return the picture with a long side of at most side pixels: itself, not a copy, where it has so already."""
    size = fitted_size(*image.size, side)
    if size == image.size:
        return image
    # The gap lets whole pixels be averaged first; above 2 the eye sees no difference (Pillow, Image.resize)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def thin(image: Image.Image, factor: int) -> Image.Image:
    """Average whole pixels, factor by factor of them to one: a sixth of the time of fit."""
    return image.reduce(factor) if factor > 1 else image


class Scale(Protocol):
    """How small a picture is wanted."""

    def least(self, width: int, height: int) -> tuple[int, int]:
        """Give the least size that a picture of this one may be decoded in."""

    def shrink(self, image: Image.Image) -> Image.Image:
        """Shrink what was decoded; the picture itself, not a copy, where there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Fit:
    """With a long side of at most side pixels."""

    side: int

    def least(self, width: int, height: int) -> tuple[int, int]:
        """Give the size that it comes to."""
        return fitted_size(width, height, self.side)

    def shrink(self, image: Image.Image) -> Image.Image:
        """Fit it."""
        return fit(image, self.side)
