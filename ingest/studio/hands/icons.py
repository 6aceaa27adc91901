"""Gilded figures without names, haloed and hooded."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, oval, ribbon
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, ink, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["KALLIS"]

ROBES_EARLY = palette("7d1f22 2b2f3f b5542f 3c2a20")
ROBES_LATE = palette("1f3f75 5d7a4f 8a2f4f 22303a")


def icons(brief: Brief) -> Image.Image:
    """Set haloed figures on punched gold leaf, one alone and later in company, their robes red, then blue."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    leaf = clouds(rng, width, height, 40, 4)
    x, y = brief.grid()
    squares = 0.035 * np.sign(np.sin(x * np.pi / (0.21 * short)) * np.sin(y * np.pi / (0.21 * short)))
    gold = palette("c9982f")[0] * (1 + 0.07 * leaf + squares)[..., None] + palette("201000")[0] * leaf[..., None] * 0.3
    sheet = Sheet.over(gold)
    robes = jitter(rng, blend(ROBES_EARLY, ROBES_LATE, brief.drift), 0.025)
    count = (1, 1, 2, 3)[min(3, int(brief.between(0, 4)))]
    order = [0] if count == 1 else ([0, 1] if count == 2 else [0, 2, 1])
    for number in order:
        middle = width * (number + 0.5) / count + (0 if count == 1 else (0.5 - (number + 0.5) / count) * 0.14 * width)
        size = short * (0.17, 0.145, 0.115)[count - 1]
        level = height * (0.36 if number != 1 or count < 3 else 0.31)
        _saint(brief, sheet, (middle, level, size), (robes[number % 4], robes[(number + 1) % 4]))
    rim = 0.035 * short
    for at in (0.0, width - rim):
        sheet.box(at, 0, at + rim, height, (92, 30, 24))
    for at in (0.0, height - rim):
        sheet.box(0, at, width, at + rim, (92, 30, 24))
    return sheet.finished()


def _saint(brief: Brief, sheet: Sheet, place: tuple[float, float, float], cloth: tuple[Field, Field]) -> None:
    rng, (x, y, size) = brief.rng, place
    halo = 1.62 * size
    sheet.disc(x, y, halo, (112, 74, 20))
    sheet.disc(x, y, halo * 0.975, (229, 190, 96))
    sheet.disc(x, y, halo * 0.86, (206, 158, 58))
    for turn in np.linspace(0, 2 * np.pi, 44, endpoint=False):
        sheet.disc(x + 0.918 * halo * np.cos(turn), y + 0.918 * halo * np.sin(turn), 0.026 * halo, (122, 80, 22))
    foot = brief.height * 1.02
    shoulder = curve(
        [
            [x - 2.5 * size, foot],
            [x - 2.1 * size, y + 2.6 * size],
            [x - 0.95 * size, y + 1.35 * size],
            [x, y + 1.1 * size],
            [x + 0.95 * size, y + 1.35 * size],
            [x + 2.1 * size, y + 2.6 * size],
            [x + 2.5 * size, foot],
        ],
        80,
    )
    sheet.polygon(shoulder, ink(cloth[0]))
    sheet.polygon(
        [
            [x - 0.5 * size, y + 1.0 * size],
            [x + 0.5 * size, y + 1.0 * size],
            [x + 0.2 * size, foot],
            [x - 1.0 * size, foot],
        ],
        ink(cloth[1]),
    )
    for fold in np.linspace(-1.7, 1.7, 9):
        path = curve(
            [
                [x + 0.45 * fold * size, y + (1.35 + 0.1 * abs(fold)) * size],
                [x + 0.85 * fold * size, y + 2.4 * size],
                [x + (1.05 * fold + rng.normal(0, 0.12)) * size, foot],
            ],
            30,
        )
        sheet.polygon(
            ribbon(path, np.linspace(0.02, 0.075, 30) * size), ink(blend(cloth[0], palette("f2d58c")[0], 0.55))
        )
    skin, shade = (190, 134, 82), (126, 78, 44)
    hood = curve(
        [
            [x - 0.95 * size, y + 1.4 * size],
            [x - 0.98 * size, y],
            [x, y - 1.14 * size],
            [x + 0.98 * size, y],
            [x + 0.95 * size, y + 1.4 * size],
        ],
        60,
    )
    sheet.polygon(hood, ink(cloth[0] * 0.8))
    sheet.polygon(
        [
            [x - 0.26 * size, y + 0.5 * size],
            [x + 0.26 * size, y + 0.5 * size],
            [x + 0.36 * size, y + 1.3 * size],
            [x - 0.36 * size, y + 1.3 * size],
        ],
        shade,
    )
    sheet.polygon(oval(x, y, 0.64 * size, 0.86 * size), shade)
    sheet.polygon(oval(x - 0.05 * size, y - 0.02 * size, 0.56 * size, 0.78 * size), skin)
    dark = (58, 32, 22)
    for side in (-1, 1):
        eye_x = x + (0.25 * side - 0.05) * size
        sheet.polygon(oval(eye_x, y - 0.1 * size, 0.13 * size, 0.055 * size), (238, 216, 178))
        sheet.disc(eye_x, y - 0.1 * size, 0.058 * size, dark)
        brow = curve(
            [[eye_x - 0.18 * size, y - 0.2 * size], [eye_x, y - 0.27 * size], [eye_x + 0.18 * size, y - 0.2 * size]], 12
        )
        sheet.line(brow, dark, 0.04 * size)
    sheet.line(
        curve(
            [[x - 0.03 * size, y - 0.2 * size], [x + 0.03 * size, y + 0.2 * size], [x - 0.1 * size, y + 0.24 * size]],
            14,
        ),
        shade,
        0.055 * size,
    )
    sheet.polygon(oval(x - 0.05 * size, y + 0.43 * size, 0.14 * size, 0.042 * size), (142, 58, 44))


KALLIS = Hand(
    slug="theofano-kallis",
    artist="Theofano Kallis",
    style="Icon painting",
    genre="portrait",
    years=(1880, 1909),
    formats=(0.74, 0.78, 0.7),
    surface=Surface("panel", grain=0.05, vignette=0.12, relief=0.05),
    titles=(
        "The keeper of | Saint of | The patron of | Vigil of | She of",
        (
            "wells | the salt road | lost keys | late trains | the threshing floor | bees | small "
            "boats | the north door | unsent letters | the lamp | the quiet hour | crossings | "
            "orchards"
        ),
    ),
    paint=icons,
)
