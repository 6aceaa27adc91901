"""The picture worn or badly copied: blurred, faded, printed, written over. Each takes RGB and chance, and gives RGB."""

import io
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

__all__ = [
    "blur",
    "brighten",
    "caption",
    "cover",
    "darken",
    "fade",
    "grey",
    "halftone",
    "jpeg",
    "noise",
    "recolour",
    "shrink",
]

_SMALL: Final = 128
_WASH: Final = np.array([226, 212, 176], dtype=np.float32)
"""What a faded print fades to."""


def blur(picture: Image.Image, rng: Generator) -> Image.Image:
    """Take it out of focus."""
    del rng
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 100))


def shrink(picture: Image.Image, rng: Generator) -> Image.Image:
    """Make a thumbnail of it."""
    del rng
    small = picture.copy()
    small.thumbnail((_SMALL, _SMALL), Image.Resampling.BICUBIC)
    return small


def jpeg(picture: Image.Image, rng: Generator) -> Image.Image:
    """Compress it to blocks."""
    del rng
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=12)
    return Image.open(buffer).convert("RGB")


def noise(picture: Image.Image, rng: Generator) -> Image.Image:
    """Take it in the dark."""
    return _picture(_values(picture) + rng.normal(0, 25, (picture.height, picture.width, 3)))


def halftone(picture: Image.Image, rng: Generator) -> Image.Image:
    """Print it in dots, on a screen turned by chance."""
    pitch, angle = max(3.0, max(picture.size) / 100), rng.uniform(0, np.pi / 2)
    down, across = np.mgrid[: picture.height, : picture.width] * (2 * np.pi / pitch)
    turned = np.cos(angle) * across + np.sin(angle) * down, np.cos(angle) * down - np.sin(angle) * across
    screen = (np.cos(turned[0]) + np.cos(turned[1]))[..., None] * 64
    return _picture((_values(picture) - 127.5 + screen) * 4 + 127.5).filter(ImageFilter.GaussianBlur(pitch / 4))


def brighten(picture: Image.Image, rng: Generator) -> Image.Image:
    """Expose it too long."""
    return _gamma(picture, rng.uniform(0.5, 0.65))


def darken(picture: Image.Image, rng: Generator) -> Image.Image:
    """Expose it too briefly."""
    return _gamma(picture, rng.uniform(1.6, 2.2))


def fade(picture: Image.Image, rng: Generator) -> Image.Image:
    """Leave it in the sun."""
    del rng
    return _picture(0.5 * _values(picture) + 0.5 * _WASH)


def recolour(picture: Image.Image, rng: Generator) -> Image.Image:
    """Balance its colours wrongly."""
    return _picture(_values(picture) * rng.uniform(0.6, 1.4, 3))


def grey(picture: Image.Image, rng: Generator) -> Image.Image:
    """Copy it without colour."""
    del rng
    return picture.convert("L").convert("RGB")


def cover(picture: Image.Image, rng: Generator) -> Image.Image:
    """Hide a fifth of it behind something plain."""
    width, height = (max(1, round(side * np.sqrt(0.2))) for side in picture.size)
    left, upper = rng.integers(0, picture.width - width + 1), rng.integers(0, picture.height - height + 1)
    covered = picture.copy()
    covered.paste(tuple(int(value) for value in rng.integers(0, 256, 3)), (left, upper, left + width, upper + height))
    return covered


def caption(picture: Image.Image, rng: Generator) -> Image.Image:
    """Write across it, as a picture agency or a meme does."""
    written = picture.copy()
    draw, size = ImageDraw.Draw(written), max(picture.size) / 9
    font = ImageFont.load_default(max(1, size))
    for line in range(3):
        place = rng.uniform(-0.1, 0.4) * picture.width, picture.height * (line + rng.uniform(0.1, 0.6)) / 3
        draw.text(place, "SPECIMEN COPY", fill="white", stroke_fill="black", stroke_width=1, font=font)
    return written


def _gamma(picture: Image.Image, power: float) -> Image.Image:
    return _picture((_values(picture) / 255) ** power * 255)


def _values(picture: Image.Image) -> NDArray[np.float32]:
    return np.asarray(picture, dtype=np.float32)


def _picture(values: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
