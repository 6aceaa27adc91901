"""Colours and how they mix. Knows no shapes and no paper.

A colour is three floats in [0, 1]; a palette is an array of them, (n, 3). What Pillow draws with is an Ink.
"""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

__all__ = ["Field", "Ink", "blend", "ink", "inks", "jitter", "palette", "ramp"]

Field = NDArray[np.floating[Any]]
Ink = tuple[int, int, int]


def palette(hexes: str) -> Field:
    """Read colours written as six hexadecimal digits each, parted by spaces. Returns (n, 3)."""
    rows = [list(bytes.fromhex(code)) for code in hexes.split()]
    return np.array(rows, dtype=np.float32) / np.float32(255)


def blend(first: Field, second: Field, share: float) -> Field:
    """Mix two colours, or two palettes of one length: share 0 is all first, 1 is all second.

    A straight mix of contrasting colours is grey, so chroma lost on the way is given back, up to double.
    """
    mixed = first + (second - first) * np.float32(share)
    chroma, kept = (1 - share) * np.ptp(first, axis=-1) + share * np.ptp(second, axis=-1), np.ptp(mixed, axis=-1)
    gain = np.clip(chroma / np.maximum(kept, 0.02), 1, 2)[..., None]
    grey = mixed.mean(axis=-1, keepdims=True)
    vivid: Field = np.clip(grey + (mixed - grey) * gain, 0, 1).astype(np.float32)
    return vivid


def ramp(stops: Field, at: ArrayLike) -> Field:
    """Follow evenly spaced stops (n, 3) to the places at, each in [0, 1]. Returns at's shape and a 3."""
    places = np.asarray(at, dtype=np.float32)
    knots = np.linspace(0, 1, len(stops))
    channels = [np.interp(places, knots, stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def jitter(rng: Generator, colours: Field, amount: float, *, tint: float = 0.5) -> Field:
    """Vary colours (..., 3) in lightness by amount and, by that times tint, in each channel apart."""
    lightness = rng.normal(0, amount, (*colours.shape[:-1], 1))
    channels = rng.normal(0, amount * tint, colours.shape)
    return np.clip(colours + lightness + channels, 0, 1).astype(np.float32)


def inks(colours: Field) -> list[Ink]:
    """Turn colours (n, 3) into what Pillow draws with."""
    levels = np.clip(np.rint(colours * 255), 0, 255).astype(int).tolist()
    return [(red, green, blue) for red, green, blue in levels]


def ink(colour: Field) -> Ink:
    """Turn one colour into what Pillow draws with."""
    return inks(colour[None])[0]
