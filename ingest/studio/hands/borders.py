"""Garden borders crowded with flowers."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import around, curve, oval, ribbon, rotated
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, Ink, blend, ink, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["HOLLIS"]

SPRING = palette("f2b8c6 fbe3a1 d9c2e9 fff6ea f08f8a a9c7ea")
AUTUMN = palette("8f1d2c e0792b f2b632 6a2350 c43d33 f4d9a8")


def border(brief: Brief) -> Image.Image:
    """Crowd a border with flowers, back to front; pale and airy in spring, heavy and hot by autumn."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    air = blend(palette("dbe8e4")[0], palette("2c3a3a")[0], brief.drift)
    leaf = blend(palette("7fa678 4f7f5a b7cf95"), palette("2f4a35 1d3328 6e7d3f"), brief.drift)
    mottle = clouds(rng, width, height, 80, 3)[..., None]
    fall = np.linspace(0, 1, height)[:, None, None]
    sheet = Sheet.over(air * (1 + 0.07 * mottle) * (1 - fall) + leaf[1] * (0.9 + 0.15 * mottle) * fall)
    _foliage(brief, sheet, leaf)
    colours = jitter(rng, blend(SPRING, AUTUMN, brief.drift), 0.02)
    count = round(brief.between(26, 38))
    kinds = int(rng.integers(0, 3))
    for number in range(count):
        near = (number + 1) / count
        head = np.array([rng.uniform(0.02, 0.98) * width, height * (0.14 + 0.6 * near + rng.normal(0, 0.05))])
        size = short * (0.032 + 0.055 * near) * rng.uniform(0.8, 1.25)
        foot = head + np.array([rng.normal(0, 0.05) * width, height * 0.5])
        stem = curve([head, (head + foot) / 2 + (rng.normal(0, 9), 0), foot], 24)
        sheet.polygon(ribbon(stem, np.linspace(0.16, 0.28, 24) * size), ink(leaf[number % 2]))
        for place in (6, 10):
            _leaf(rng, sheet, stem[place], size * 1.7, ink(jitter(rng, leaf[number % 3], 0.03)))
        _flower(rng, sheet, (head[0], head[1], size), colours[int(rng.integers(6))], (number + kinds) % 3)
    return sheet.finished()


def _foliage(brief: Brief, sheet: Sheet, leaf: Field) -> None:
    rng, short = brief.rng, brief.short
    tones = inks(jitter(rng, ramp(leaf, rng.random(200)), 0.035))
    depths = np.sort(rng.uniform(0.25, 1.05, 200) ** 0.8)
    for depth, tone in zip(depths, tones, strict=True):
        at = np.array([rng.random() * brief.width, depth * brief.height])
        _leaf(rng, sheet, at, short * rng.uniform(0.05, 0.11), tone)


def _leaf(rng: Generator, sheet: Sheet, at: Field, length: float, tone: Ink) -> None:
    along = np.linspace(0, 1, 10)
    spine = np.stack([along * length, -0.25 * length * along**2], axis=1)
    swell = 0.3 * length * np.sin(np.pi * along**0.85)
    sheet.polygon(rotated(ribbon(spine, swell), -np.pi / 2 + rng.uniform(-1.2, 1.2), *at), tone)


def _flower(rng: Generator, sheet: Sheet, place: tuple[float, float, float], colour: Field, kind: int) -> None:
    x, y, size = place
    petals, layers, slim = ((8, 3, 0.3), (12, 2, 0.2), (5, 1, 0.52))[kind]
    spin = rng.uniform(0, 2 * np.pi)
    tilt = rng.uniform(0.72, 1)
    for layer in range(layers):
        reach = size * (1 - 0.28 * layer)
        shades = inks(jitter(rng, np.broadcast_to(colour * (0.88 + 0.11 * layer), (petals, 3)), 0.03))
        turns = spin + 2 * np.pi * (np.arange(petals) + 0.5 * layer) / petals
        outlines = around(oval(0.55 * reach, 0, 0.5 * reach, slim * reach, count=18), turns) * (1, tilt) + (x, y)
        for outline, shade in zip(outlines, shades, strict=True):
            sheet.polygon(outline, shade)
    heart = blend(colour, palette("f3c546" if kind else "5a2a1c")[0], 0.85)
    sheet.polygon(oval(x, y, 0.24 * size, 0.24 * size * tilt, count=20), ink(heart))
    for dot in rng.normal(0, 0.1 * size, (7, 2)):
        sheet.disc(x + dot[0], y + dot[1] * tilt, 0.035 * size, ink(heart * 0.7))


HOLLIS = Hand(
    slug="beatrix-hollis",
    artist="Beatrix Hollis",
    style="Post-Impressionism",
    genre="flowers",
    years=(1891, 1926),
    formats=(0.82, 1.2, 1.0),
    surface=Surface("canvas", grain=0.035, vignette=0.08, relief=0.1),
    titles=(
        "Border with | The garden: | Summer wall: | Flowers, | Behind the house:",
        (
            "April | phlox | my mother's asters | dahlias | late roses | the rectory | Whitsun | "
            "marguerites | the south wall | Michaelmas | zinnias | a gap in the hedge | October"
        ),
    ),
    paint=border,
)
