"""Ink and water on washi: bamboo by a loaded brush, and mountains dissolving in mist."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, ribbon, rotated, smoothstep, tremble
from ingest.studio.noise import clouds, ridge
from ingest.studio.palette import Ink, blend, ink, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["ASHGROVE", "SHIMIZU"]

WASHI = palette("f0e8d6")[0]
SUMI = palette("1d1f22")[0]
SEAL = (176, 42, 34)


def bamboo(brief: Brief) -> Image.Image:
    """Stand stalks in three depths of ink, joint by joint, with leaves in sprays; sparse first, then a grove."""
    rng, width, height = brief.rng, brief.width, brief.height
    pool = clouds(rng, width, height, 150, 3)[..., None]
    green = blend(palette("24272b")[0], palette("1f4238")[0], brief.drift)
    sheet = Sheet.over(WASHI * (1 + 0.025 * pool))
    count = round(brief.between(2, 8))
    lean = rng.normal(0, 0.06)
    for number in range(count):
        nearness = (number + 1) / count
        tone = ink(blend(WASHI, green, 0.16 + 0.72 * nearness**1.6))
        x = width * rng.uniform(0.08, 0.92)
        _stalk(brief, sheet, x, lean + rng.normal(0, 0.025), (0.018 + 0.03 * nearness, tone))
    x, y = (width * rng.choice([0.86, 0.1]), height * rng.uniform(0.82, 0.9))
    _seal(sheet, x, y, 0.035 * brief.short)
    return tremble(sheet.image, rng, 1.6, 5).reduce(2)


def _seal(sheet: Sheet, x: float, y: float, side: float) -> None:
    sheet.box(x, y, x + side, y + 1.25 * side, SEAL)
    for step in (0.25, 0.5, 0.75):
        sheet.box(
            x + side * step - 0.6, y + 2, x + side * step + 0.6, y + 1.25 * side * (0.5 + step / 3), (240, 228, 210)
        )


def _stalk(brief: Brief, sheet: Sheet, x: float, lean: float, brush: tuple[float, Ink]) -> None:
    rng, height = brief.rng, brief.height
    thick, tone = brush[0] * brief.short, brush[1]
    foot, joint = height * 1.03, height * rng.uniform(0.13, 0.19)
    y = foot
    pale = tuple(round(0.72 * level + 0.28 * ground) for level, ground in zip(tone, (240, 232, 214), strict=True))
    while y > -joint:
        top = y - joint * rng.uniform(0.85, 1.1)
        rise = np.linspace(y, top + 2.2, 14)
        spine = np.stack([x + (foot - rise) * lean, rise], axis=1)
        flare = thick * (0.92 + 0.22 * np.abs(np.linspace(-1, 1, 14)) ** 5)
        sheet.polygon(ribbon(spine, flare), tone)
        # The brush holds less ink along its middle: a paler core makes the stalk round.
        sheet.polygon(ribbon(spine + np.array([0.14 * thick, 0]), 0.34 * flare), (pale[0], pale[1], pale[2]))
        if rng.random() < 0.62 and y < 0.97 * height:
            _spray(rng, sheet, (x + (foot - top) * lean, top), brief.short, tone)
        y = top


def _spray(rng: Generator, sheet: Sheet, start: tuple[float, float], short: float, tone: Ink) -> None:
    side = rng.choice([-1, 1])
    twig = np.array([start, (start[0] + side * short * 0.07, start[1] - short * 0.04)])
    tip = twig[1] + (side * short * rng.uniform(0.03, 0.08), short * rng.uniform(-0.02, 0.03))
    path = curve([*twig, tip], 12)
    sheet.polygon(ribbon(path, np.linspace(2.2, 1, 12)), tone)
    for _ in range(int(rng.integers(3, 7))):
        root = path[int(rng.integers(5, 12))]
        length = short * rng.uniform(0.1, 0.2)
        fall = rng.uniform(0.25, 1.25)
        along = np.linspace(0, 1, 16)
        leaf = np.stack([along * length, 0.09 * length * along**2], axis=1)
        swell = length * 0.135 * np.sin(np.pi * along**0.75) ** 0.9
        turned = rotated(ribbon(leaf, swell + 0.3), fall, 0, 0)
        sheet.polygon(turned * (side, 1) + root, tone)


INDIGO = palette("eef0ee b9c9d4 7797b3 3b5f8a 1a2f55")
DAWN = palette("f6ead8 ecc6a8 c88f86 7d5f7c 33304f")


def mist(brief: Brief) -> Image.Image:
    """Lay ridge before ridge, each darker and each fading downward into mist, from indigo noon to rosy dawn."""
    rng, width, height = brief.rng, brief.width, brief.height
    stops = blend(INDIGO, DAWN, brief.drift)
    x, y = brief.grid()
    pool = clouds(rng, width, height, 90, 4)
    fall = y / height
    sky = ramp(stops, np.clip(0.24 - 0.3 * fall, 0, 1))
    pixels = np.broadcast_to(sky, (height, width, 3)) * (1 + 0.035 * pool[..., None])
    radius = 0.055 * brief.short * rng.uniform(0.9, 1.4)
    sun = np.hypot(x - width * rng.uniform(0.2, 0.8), y - height * rng.uniform(0.12, 0.26)) - radius
    disc = np.clip(0.5 - sun, 0, 1)[..., None] * 0.85
    pixels += disc * (blend(palette("f8f4ea")[0], palette("d8543c")[0], brief.drift) - pixels)
    count = round(brief.between(4, 7))
    jagged, tall = brief.between(0.62, 0.42), brief.between(0.2, 0.12)
    for number in range(count):
        near = (number + 1) / count
        profile = tall * (0.7 + 0.6 * (1 - near)) * ridge(rng, width, width * (0.7 - 0.2 * near), 6, jagged)
        crest = height * (0.24 + 0.62 * near**0.9 - 0.05 * rng.random() - profile)[None, :]
        below = y - crest
        depth = height * (0.34 - 0.1 * near)
        fade = np.clip(1 - below / depth, 0, 1) ** 1.15 * (0.88 + 0.16 * pool)
        mask = np.clip(below + 0.5, 0, 1) * np.clip(fade * (0.55 + 0.45 * near), 0, 1)
        mask *= 1 + 0.16 * smoothstep(5, 0, below)
        colour = ramp(stops, 0.22 + 0.78 * near**1.2)
        pixels += np.clip(mask, 0, 1)[..., None] * (colour - pixels)
    return picture(pixels)


SHIMIZU = Hand(
    slug="shimizu-kaoru",
    artist="Shimizu Kaoru-Lind",
    style="Ink painting",
    genre="botanical",
    years=(1886, 1919),
    formats=(0.6, 0.68, 0.8),
    surface=Surface("washi", grain=0.03, vignette=0.07),
    titles=(
        "Bamboo | Stalks | Grove | Young bamboo | Leaves",
        (
            "after rain | in wind | at the temple wall | with a single sparrow gone | before snow | "
            "by moonlight | for a friend leaving | in the eleventh month | heard from indoors | and "
            "mist | without wind | at dusk | in three inks"
        ),
    ),
    paint=bamboo,
)

ASHGROVE = Hand(
    slug="wen-ashgrove",
    artist="Wen Ashgrove",
    style="Ink painting",
    genre="landscape",
    years=(1894, 1931),
    formats=(1.4, 0.66, 1.25, 0.75),
    surface=Surface("washi", grain=0.028, vignette=0.07),
    titles=(
        "Ridges | Far mountains | Mist | Peaks | The pass",
        (
            "at first light | above the river | in the rainy season | seen from the ferry | after the "
            "storm | in early autumn | with returning geese | beyond the monastery | on the seventh "
            "day | at the border | and the pale sun | in thaw | remembered"
        ),
    ),
    paint=mist,
)
