"""Marbled papers: colours floated drop on drop, and combed."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.noise import clouds
from ingest.studio.palette import blend, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture

__all__ = ["BECKETT"]

PEACOCK = palette("16314f 2f6f8a f1e8d3 c9a24a 7a2434 16314f")
ROSE = palette("7a1f33 e3b7a6 f5ecdd 2f4f5a d98a3f 7a1f33")


def marbling(brief: Brief) -> Image.Image:
    """Float colours on size, drop on drop, and comb them: stones in early sheets, feathers in late ones."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    x, y = (axis + np.zeros((height, width), dtype=np.float32) for axis in brief.grid())
    combing = brief.between(0.05, 1.0)
    x = x + 0.05 * short * clouds(rng, width, height, 170, 2)
    y = y + 0.05 * short * clouds(rng, width, height, 170, 2)
    pitch = short / brief.between(4, 9)
    y = y + combing**1.5 * 0.9 * pitch * np.abs(np.sin(np.pi * x / pitch)) ** 0.6
    fine = pitch * 0.5
    x = x + combing**1.5 * 0.75 * fine * (2 * np.abs(((y / fine) % 1) * 2 - 1) - 1)
    wide = pitch * 2.1
    y = y + combing * 0.8 * pitch * np.sin(2 * np.pi * x / wide + 0.8 * np.sin(y / wide))
    phase = np.zeros((height, width), dtype=np.float32)
    for _ in range(13):
        middle = rng.uniform(-0.1, 1.1, 2) * (width, height)
        spread = short * rng.uniform(0.08, 0.3)
        phase += rng.choice([1, 1, -0.7]) * np.exp(-np.hypot(x - middle[0], y - middle[1]) / spread)
    phase = phase * brief.between(13, 9) + combing * y / pitch * 0.9
    stops = jitter(rng, blend(PEACOCK, ROSE, brief.drift), 0.015)
    bands = phase % 5
    steep = np.clip(np.hypot(*np.gradient(phase)), 0.02, 0.5)
    share = bands % 1
    step = np.floor(bands) + np.clip((share - 0.5) / steep + 0.5, 0, 1)
    vein = np.clip(1 - np.abs(share - 0.5) / (steep * 1.2), 0, 1) * 0.45
    pixels = ramp(stops, step / 5)
    pixels += vein[..., None] * (palette("f6efe0")[0] - pixels)
    return picture(pixels * (1 + 0.05 * np.sin(phase * 1.3))[..., None])


BECKETT = Hand(
    slug="rosalind-beckett-ayar",
    artist="Rosalind Beckett-Ayar",
    style="Decorative arts",
    genre="pattern",
    years=(1896, 1938),
    formats=(0.74, 0.8, 1.3),
    surface=Surface("laid", grain=0.02, vignette=0.03),
    titles=(
        "Endpaper: | Marbled sheet, | Nonpareil, | Peacock for | Stone pattern,",
        (
            "Herodotus | the book of hours | a ledger | rose madder | the sea voyages | gallnut | an "
            "atlas | a lost novel | letters home | verdigris | the almanac | an herbal | the third "
            "edition"
        ),
    ),
    paint=marbling,
)
