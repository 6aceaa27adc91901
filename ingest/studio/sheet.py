"""Drawing with smooth edges: Pillow's pen at twice the size, in the coordinates of the finished work."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageDraw

from ingest.studio.palette import Field, Ink, ink

__all__ = ["Sheet", "picture"]


def picture(pixels: Field) -> Image.Image:
    """Turn colours (height, width, 3) in [0, 1] into an image."""
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


class Sheet:
    """A surface to draw on. Points are (n, 2) in pixels of the finished work, x before y."""

    scale = 2

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.pen = ImageDraw.Draw(image)

    @classmethod
    def plain(cls, width: int, height: int, ground: Field) -> Self:
        """Take a sheet of one colour."""
        return cls(Image.new("RGB", (width * cls.scale, height * cls.scale), ink(ground)))

    @classmethod
    def over(cls, pixels: Field) -> Self:
        """Take a sheet that colours (height, width, 3) in [0, 1] already cover."""
        height, width = pixels.shape[:2]
        size = (width * cls.scale, height * cls.scale)
        return cls(picture(pixels).resize(size, Image.Resampling.BILINEAR))

    @classmethod
    def stencil(cls, width: int, height: int) -> Self:
        """Take an empty mask; draw on it with level 255."""
        return cls(Image.new("L", (width * cls.scale, height * cls.scale), 0))

    def polygon(self, points: ArrayLike, fill: Ink | int) -> None:
        """Fill a polygon."""
        self.pen.polygon((np.asarray(points) * self.scale).ravel().tolist(), fill=fill)

    def line(self, points: ArrayLike, fill: Ink | int, width: float = 1) -> None:
        """Draw a line through points, width in pixels of the finished work."""
        corners = (np.asarray(points) * self.scale).ravel().tolist()
        self.pen.line(corners, fill=fill, width=max(1, round(width * self.scale)), joint="curve")

    def disc(self, x: float, y: float, radius: float, fill: Ink | int) -> None:
        """Fill a circle."""
        left, top, reach = x * self.scale, y * self.scale, radius * self.scale
        self.pen.ellipse((left - reach, top - reach, left + reach, top + reach), fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Ink | int) -> None:
        """Fill an upright rectangle; right and bottom are left out."""
        if right > left and bottom > top:
            corners = [round(place * self.scale) for place in (left, top, right, bottom)]
            self.pen.rectangle(
                (corners[0], corners[1], max(corners[0], corners[2] - 1), max(corners[1], corners[3] - 1)),
                fill=fill,
            )

    def finished(self) -> Image.Image:
        """Give the image at the size of the finished work."""
        return self.image.reduce(self.scale)

    def field(self) -> Field:
        """Give the finished image as floats in [0, 1]: (height, width) of a stencil, else (height, width, 3)."""
        return np.asarray(self.finished(), dtype=np.float32) / np.float32(255)
