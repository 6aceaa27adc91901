"""A part of a picture, told in fractions of its sides, so that it means the same at every resolution."""

import re
from dataclasses import dataclass
from typing import Final, Self

from PIL import Image

__all__ = ["CROP_FORM", "CROP_PATTERN", "Crop"]

_FRACTION: Final = r"(0|1|0?\.[0-9]{1,20}|1\.0{1,20})"
_POSITIVE: Final = r"(1|0?\.0{0,2}[1-9][0-9]{0,19}|1\.0{1,20})"
CROP_PATTERN: Final = f"^{_FRACTION},{_FRACTION},{_POSITIVE},{_POSITIVE}$"
CROP_FORM: Final = "x,y,width,height: four fractions from 0 to 1, the last two at least .001"


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle: its left upper corner and its sides, from 0 to 1; what lies beyond the picture is left out."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def from_text(cls, written: str) -> Self:
        """Read x,y,width,height. Raises ValueError, saying what is wrong."""
        if not re.fullmatch(CROP_PATTERN, written):
            shown = repr(written)
            raise ValueError(f"is {shown if len(shown) <= 60 else shown[:59] + '…'}; it must be {CROP_FORM}")  # noqa: PLR2004
        return cls(*map(float, written.split(",")))

    @property
    def whole(self) -> bool:
        """Whether it is all of the picture."""
        return min(self.width - self.x, self.height - self.y) >= 1

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Give left, upper, right and lower in pixels, of a picture of this size."""
        right, lower = min(1.0, self.x + self.width), min(1.0, self.y + self.height)
        return round(self.x * width), round(self.y * height), round(right * width), round(lower * height)

    def of(self, pixels: Image.Image) -> Image.Image:
        """Cut it out of a picture; may be empty where the rectangle is thinner than a pixel."""
        return pixels.crop(self.box(*pixels.size))
