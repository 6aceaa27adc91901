"""A part of a picture, told in fractions of its sides, so that it means the same at every resolution."""

from dataclasses import dataclass

from PIL import Image

__all__ = ["Crop"]


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle: its left upper corner and its sides, from 0 to 1; what lies beyond the picture is left out."""

    x: float
    y: float
    width: float
    height: float

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Give left, upper, right and lower in pixels, of a picture of this size."""
        right, lower = min(1.0, self.x + self.width), min(1.0, self.y + self.height)
        return round(self.x * width), round(self.y * height), round(right * width), round(lower * height)

    def of(self, pixels: Image.Image) -> Image.Image:
        """Cut it out of a picture; may be empty where the rectangle is thinner than a pixel."""
        return pixels.crop(self.box(*pixels.size))
