"""What a hand is given to paint one work, and what a hand is. Knows no catalogue and no files."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.palette import Field
from ingest.studio.paper import Surface

__all__ = ["Brief", "Hand"]


@dataclass(frozen=True, slots=True)
class Brief:
    """One work's size in pixels, its place in the hand's drift, and its own randomness."""

    width: int
    height: int
    drift: float
    rng: Generator

    @property
    def short(self) -> int:
        """The shorter side, in pixels."""
        return min(self.width, self.height)

    def between(self, first: float, last: float, spread: float = 0.06) -> float:
        """Go from first to last as the hand drifts, with a little of this work's own whim."""
        whim = float(np.clip(self.rng.normal(0, spread), -2 * spread, 2 * spread))
        return first + (last - first) * min(1.0, max(0.0, self.drift + whim))

    def grid(self) -> tuple[Field, Field]:
        """Give pixel centres as a row x (1, width) and a column y (height, 1), in pixels."""
        x = np.arange(self.width, dtype=np.float32)[None, :] + np.float32(0.5)
        y = np.arange(self.height, dtype=np.float32)[:, None] + np.float32(0.5)
        return x, y


@dataclass(frozen=True, slots=True)
class Hand:
    """An invented artist: a way of painting that drifts from the first year to the last.

    formats are widths over heights; titles are openings and subjects, parted by bars, joined at random.
    """

    slug: str
    artist: str
    style: str
    genre: str
    years: tuple[int, int]
    formats: tuple[float, ...]
    surface: Surface
    titles: tuple[str, str]
    paint: Callable[[Brief], Image.Image]
