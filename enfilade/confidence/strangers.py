"""Pictures of nothing in particular, drawn by seeded chance: what no collection holds. Knows no files.

After Baradad et al., "Learning to See by Looking at Noise" (2021): dead leaves and spectra have the statistics of
natural pictures, and networks see textures, edges and shapes in them. They stand for strangers where none are at hand.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

__all__ = ["STRANGERS", "draw_strangers", "stranger"]

_SIDE: Final = 256
_Pixels = NDArray[np.float64]


def stranger(kind: str, seed: int) -> Image.Image:
    """Draw an RGB picture, 256 pixels a side, of a kind named in STRANGERS. The same seed gives the same pixels."""
    return STRANGERS[kind](Generator(PCG64([seed, list(STRANGERS).index(kind)])))


def draw_strangers(each: int, seed: int) -> Iterator[Image.Image]:
    """Draw so many of each kind, one by one."""
    return (stranger(kind, seed + number) for number in range(each) for kind in STRANGERS)


def spectrum(rng: Generator) -> Image.Image:
    """Colour noise whose amplitudes fall with the frequency, as those of photographs do."""
    return _picture(0.5 + 0.2 * np.stack([_noise(rng, rng.uniform(0.5, 2)) for _ in range(3)], axis=-1))


def leaves(rng: Generator) -> Image.Image:
    """Discs that lie on each other, many small and few large, smooth or shaded (dead leaves)."""
    return _pile(rng, lambda draw, box, colour: draw.ellipse(box, fill=colour))


def blocks(rng: Generator) -> Image.Image:
    """Rectangles that lie on each other."""
    return _pile(rng, lambda draw, box, colour: draw.rectangle(box, fill=colour))


def balls(rng: Generator) -> Image.Image:
    """Shaded balls before a plain ground, as things photographed in a studio."""
    across, down = _grid()
    pixels = _between(_colour(rng), _colour(rng), down)
    for _ in range(int(rng.integers(1, 6))):
        x, y, radius = *rng.uniform(0.2, 0.8, 2), rng.uniform(0.08, 0.35)
        u, v = (across - x) / radius, (down - y) / radius
        depth = np.sqrt(np.maximum(0, 1 - u**2 - v**2))
        lit = np.clip(0.25 + 0.75 * (0.5 * depth - 0.6 * u - 0.6 * v), 0, 1)[..., None]
        pixels = np.where(depth[..., None] > 0, lit * _colour(rng) + 0.4 * lit**8, pixels)
    return _picture(pixels)


def land(rng: Generator) -> Image.Image:
    """Ground, ridges and a sky, each with a texture of its own."""
    _, down = _grid()
    pixels = _between(_colour(rng), _colour(rng), down) + 0.1 * _noise(rng, 1.5)[..., None]
    for level in np.sort(rng.uniform(0.3, 0.9, int(rng.integers(1, 5)))):
        ridge = level + 0.1 * _noise(rng, 2.0)[0]
        texture = 0.1 * _noise(rng, rng.uniform(0.3, 1.2))[..., None]
        pixels = np.where((down > ridge)[..., None], _colour(rng) + texture, pixels)
    return _picture(pixels)


def lights(rng: Generator) -> Image.Image:
    """Bright spots in the dark, sharp or out of focus."""
    across, down = _grid()
    pixels = np.zeros((_SIDE, _SIDE, 3)) + 0.15 * _colour(rng)
    sharp = rng.uniform(1, 6)
    for _ in range(int(rng.integers(8, 40))):
        x, y, radius = *rng.uniform(0, 1, 2), rng.uniform(0.005, 0.06)
        distance = ((across - x) ** 2 + (down - y) ** 2) / radius**2
        pixels += (1 / (1 + distance**sharp))[..., None] * _colour(rng)
    return _picture(pixels)


def stripes(rng: Generator) -> Image.Image:
    """Waves that cross each other."""
    across, down = _grid()
    pixels = np.full((_SIDE, _SIDE, 3), 0.5)
    for _ in range(int(rng.integers(1, 4))):
        angle, pitch = rng.uniform(0, np.pi), rng.uniform(4, 60)
        wave = np.cos(2 * np.pi * pitch * (np.cos(angle) * across + np.sin(angle) * down) + rng.uniform(0, 6))
        pixels += 0.4 * np.tanh(wave * rng.uniform(0.5, 8))[..., None] * (_colour(rng) - 0.5)
    return _picture(pixels)


def cells(rng: Generator) -> Image.Image:
    """Patches around chance points, each of one colour, with or without seams."""
    across, down = _grid()
    points = rng.uniform(0, 1, (int(rng.integers(6, 80)), 2))
    distances = np.hypot(across[..., None] - points[:, 0], down[..., None] - points[:, 1])
    nearest = np.partition(distances, 1, axis=-1)
    seam = (nearest[..., 1] - nearest[..., 0] < rng.uniform(0, 0.02))[..., None]
    return _picture(np.where(seam, _colour(rng), rng.uniform(0, 1, (len(points), 3))[distances.argmin(axis=-1)]))


def page(rng: Generator) -> Image.Image:
    """Lines of letters, as in a document."""
    picture = Image.new("RGB", (_SIDE, _SIDE), (250, 250, 248))
    draw, size = ImageDraw.Draw(picture), int(rng.integers(9, 26))
    font = ImageFont.load_default(size)
    for top in range(size, _SIDE - size, round(size * 1.4)):
        letters = "".join(chr(97 + int(one)) if one < 26 else " " for one in rng.integers(0, 31, _SIDE // size * 2))  # noqa: PLR2004
        draw.text((size, top), letters, fill=(20, 20, 30), font=font)
    return picture


def chart(rng: Generator) -> Image.Image:
    """Axes, bars and a line, as on a screen."""
    picture = Image.new("RGB", (_SIDE, _SIDE), "white")
    draw, bars = ImageDraw.Draw(picture), int(rng.integers(3, 16))
    colour, heights = tuple(int(255 * one) for one in _colour(rng)), rng.uniform(20, 200, bars)
    step = 210 / bars
    for number, height in enumerate(heights):
        draw.rectangle((25 + number * step, 230 - height, 25 + (number + 0.7) * step, 230), fill=colour)
    draw.line([(25 + number * step, 230 - height) for number, height in enumerate(rng.permutation(heights))], "red", 2)
    draw.line([(22, 20), (22, 230), (240, 230)], fill="black", width=2)
    return picture


STRANGERS: Final[Mapping[str, Callable[[Generator], Image.Image]]] = MappingProxyType(
    {
        "spectrum": spectrum,
        "leaves": leaves,
        "blocks": blocks,
        "balls": balls,
        "land": land,
        "lights": lights,
        "stripes": stripes,
        "cells": cells,
        "page": page,
        "chart": chart,
    }
)


def _pile(rng: Generator, draw_one: Callable[[ImageDraw.ImageDraw, list[float], tuple[int, ...]], None]) -> Image.Image:
    picture = Image.new("RGB", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(picture)
    for size in np.sort(3 / rng.uniform(0.01, 1, 1500))[::-1]:  # how many are larger falls as 1 / size
        x, y = rng.uniform(-0.1, 1.1, 2) * _SIDE
        draw_one(draw, [x - size, y - size, x + size, y + size], tuple(int(255 * one) for one in _colour(rng)))
    shade = 0.15 * _noise(rng, 1.0)[..., None] * rng.integers(0, 2)
    return _picture(np.asarray(picture) / 255 + shade)


def _noise(rng: Generator, fall: float) -> _Pixels:
    """Draw noise, (side, side), mean 0 and deviation 1, whose amplitude falls with the frequency to a power."""
    frequency = np.hypot(np.fft.fftfreq(_SIDE)[:, None], np.fft.rfftfreq(_SIDE))
    frequency[0, 0] = np.inf
    noise = np.fft.irfft2(np.fft.rfft2(rng.normal(size=(_SIDE, _SIDE))) / frequency**fall, s=(_SIDE, _SIDE))
    return np.asarray(noise / noise.std())


def _grid() -> tuple[_Pixels, _Pixels]:
    down, across = np.mgrid[:_SIDE, :_SIDE] / _SIDE
    return across, down


def _between(one: _Pixels, other: _Pixels, share: _Pixels) -> _Pixels:
    return (1 - share[..., None]) * one + share[..., None] * other


def _colour(rng: Generator) -> _Pixels:
    return rng.uniform(0, 1, 3) * (1, rng.uniform(0.5, 1), rng.uniform(0.3, 1))


def _picture(pixels: _Pixels) -> Image.Image:
    return Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
