"""Smooth randomness: clouds in the plane, ridges along a line. Knows no colours."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.palette import Field

__all__ = ["clouds", "ridge", "stretch"]


def stretch(coarse: Field, width: int, height: int) -> Field:
    """Enlarge a coarse array smoothly to (height, width)."""
    picture = Image.fromarray(np.ascontiguousarray(coarse, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))


def clouds(rng: Generator, width: int, height: int, scale: float, octaves: int = 3, aspect: float = 1.0) -> Field:  # noqa: PLR0917
    """Sum octaves of smooth noise whose largest features span scale pixels, aspect times wider than high.

    Returns (height, width), of mean near 0 and nearly all within [-1, 1].
    """
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        across = max(3, round(width * 2**octave / (scale * aspect)) + 2)
        down = max(3, round(height * 2**octave / scale) + 2)
        coarse = rng.standard_normal((min(down, height), min(across, width)), dtype=np.float32)
        total += stretch(coarse, width, height) * np.float32(0.5 ** (octave + 1))
    return total


def ridge(rng: Generator, length: int, scale: float, octaves: int = 4, roughness: float = 0.5) -> Field:
    """Draw a mountain's profile: (length,) heights within about [-1, 1], features up to scale samples."""
    places = np.arange(length)
    total = np.zeros(length)
    for octave in range(octaves):
        knots = max(3, round(length * 2**octave / scale) + 2)
        total += np.interp(places, np.linspace(0, length, knots), rng.normal(0, 0.5, knots)) * roughness**octave
    return total
