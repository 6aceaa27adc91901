"""The picture seen otherwise: in part, turned, from aside, in a frame, in a photograph. Each takes RGB and chance."""

import io
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from enfilade.confidence.warping import corners, warp

__all__ = ["crop", "detail", "frame", "perspective", "photograph", "squash", "tilt", "turn"]

_CROPPED: Final = 0.8
_DETAIL: Final = 0.5
_SQUASHED: Final = 0.75
_TILT: Final = (4.0, 10.0)
_ASKEW: Final = 0.12
_FRAME: Final = (0.08, 0.15)


def crop(picture: Image.Image, rng: Generator) -> Image.Image:
    """Keep most of it."""
    return _part(picture, rng, _CROPPED)


def detail(picture: Image.Image, rng: Generator) -> Image.Image:
    """Keep a quarter of its area."""
    return _part(picture, rng, _DETAIL)


def squash(picture: Image.Image, rng: Generator) -> Image.Image:
    """Make one side shorter."""
    share = (_SQUASHED, 1.0) if rng.integers(2) else (1.0, _SQUASHED)
    return picture.resize(_scaled(picture, share), Image.Resampling.BICUBIC)


def turn(picture: Image.Image, rng: Generator) -> Image.Image:
    """Lay it on its side."""
    return picture.transpose(Image.Transpose.ROTATE_90 if rng.integers(2) else Image.Transpose.ROTATE_270)


def tilt(picture: Image.Image, rng: Generator) -> Image.Image:
    """Scan it askew."""
    degrees = rng.uniform(*_TILT) * rng.choice([-1, 1])
    return picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=_wall(rng))


def perspective(picture: Image.Image, rng: Generator) -> Image.Image:
    """See it from aside."""
    inwards = rng.uniform(0, _ASKEW, (4, 2)) * [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    return warp(picture, corners(picture.size) + inwards * picture.size, picture.size, _wall(rng))


def frame(picture: Image.Image, rng: Generator) -> Image.Image:
    """Put a mat and a frame around it."""
    wide = max(2, round(rng.uniform(*_FRAME) * max(picture.size)))
    matted = ImageOps.expand(picture, wide // 2, (235, 230, 220))
    return ImageOps.expand(matted, wide - wide // 2, (92, 66, 34))


def photograph(picture: Image.Image, rng: Generator) -> Image.Image:
    """Take it hanging on a wall, by hand, in a room lit from one side, and send it on."""
    room = (round(picture.width * 1.3), round(picture.height * 1.3))
    hung = corners(picture.size) + np.multiply(picture.size, 0.15) + rng.uniform(-0.05, 0.05, (4, 2)) * picture.size
    taken = warp(picture, hung, room, _wall(rng)).filter(ImageFilter.GaussianBlur(max(picture.size) / 400))
    pixels = np.asarray(taken, dtype=np.float32) * _light(room, rng) + rng.normal(0, 5, (room[1], room[0], 1))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=60)
    return Image.open(buffer).convert("RGB")


def _part(picture: Image.Image, rng: Generator, share: float) -> Image.Image:
    width, height = _scaled(picture, (share, share))
    left, upper = (int(rng.integers(0, room + 1)) for room in (picture.width - width, picture.height - height))
    return picture.crop((left, upper, left + width, upper + height))


def _scaled(picture: Image.Image, share: tuple[float, float]) -> tuple[int, int]:
    return max(1, round(picture.width * share[0])), max(1, round(picture.height * share[1]))


def _wall(rng: Generator) -> tuple[int, int, int]:
    grey = int(rng.integers(60, 220))
    return grey, grey, max(0, grey - 12)


def _light(size: tuple[int, int], rng: Generator) -> NDArray[np.float64]:
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    angle = rng.uniform(0, 2 * np.pi)
    falloff = 0.95 + 0.2 * (np.cos(angle) * across + np.sin(angle) * down)
    tint = 1 + rng.uniform(-0.08, 0.08, 3)
    return np.asarray(falloff[..., None] * tint)
