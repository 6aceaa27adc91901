"""Streets of lit windows as the day goes out."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, ink, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["STAVROS"]

DUSK = palette("35497a 8f6f9c e79a7c f7c98b")
NIGHT = palette("0c1330 1c2350 3a3566 6a4a73")
LAMPS = palette("ffd98a ffc05c fbe8b8 f29e4c e8efe0")


def windows(brief: Brief) -> Image.Image:
    """Stack roofs and walls into the distance and light their windows, a few at dusk, most by night."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = blend(DUSK, NIGHT, brief.drift)
    haze = clouds(rng, width, height, 100, 3, 3)
    fall = np.linspace(0, 1.25, height)[:, None]
    sheet = Sheet.over(ramp(stops, np.clip(fall + 0.09 * haze, 0, 1)))
    moon = (width * rng.uniform(0.12, 0.88), height * rng.uniform(0.08, 0.2))
    sheet.disc(*moon, short * rng.uniform(0.028, 0.05), ink(blend(stops[3], palette("fdf3d6")[0], 0.85)))
    rows = 5
    for number in range(rows):
        near = (number + 1) / rows
        wall = blend(stops[2], palette("161a30")[0], 0.25 + 0.68 * near)
        x = -rng.uniform(0, 0.15) * width
        while x < width:
            wide = short * rng.uniform(0.12, 0.22) * (0.55 + 0.65 * near)
            roof = height * (0.3 + 0.44 * near**1.1 + rng.normal(0, 0.05) - 0.08 * brief.drift)
            _house(brief, sheet, (x, roof, wide, near), wall)
            x += wide
    return sheet.finished()


def _house(brief: Brief, sheet: Sheet, place: tuple[float, float, float, float], wall: Field) -> None:
    rng, (left, roof, wide, near) = brief.rng, place
    tint = jitter(rng, wall + palette("2a0f08")[0] * rng.random() * 0.9 * near, 0.018)
    sheet.box(left, roof, left + wide, brief.height, ink(tint))
    sheet.box(left + 0.86 * wide, roof, left + wide, brief.height, ink(tint * 0.86))
    if rng.random() < 0.5:
        peak = wide * rng.uniform(0.2, 0.5)
        sheet.polygon([[left - 1, roof], [left + wide / 2, roof - peak], [left + wide + 1, roof]], ink(tint * 0.8))
    else:
        sheet.box(left - 2, roof - 0.03 * wide, left + wide + 2, roof + 0.04 * wide, ink(tint * 0.78))
    if rng.random() < 0.55:
        stack = left + wide * rng.uniform(0.12, 0.7)
        sheet.box(stack, roof - 0.42 * wide, stack + 0.12 * wide, roof, ink(tint * 0.74))
    columns = int(rng.integers(2, 5))
    step = wide / (columns + 0.35)
    pane = (0.5 * step, 0.72 * step)
    lit = brief.between(0.28, 0.62)
    glow, dark = inks(jitter(rng, LAMPS, 0.03)), ink(tint * 0.62)
    y = roof + 0.55 * step
    while y < brief.height:
        for column in range(columns):
            x = left + (column + 0.42) * step
            shining = rng.random() < lit
            sheet.box(x, y, x + pane[0], y + pane[1], glow[int(rng.integers(5))] if shining else dark)
            if step > 0.035 * brief.short:
                frame = ink(tint * 0.7)
                sheet.box(x + 0.45 * pane[0], y, x + 0.55 * pane[0], y + pane[1], frame)
                sheet.box(x, y + 0.45 * pane[1], x + pane[0], y + 0.52 * pane[1], frame)
        y += 1.28 * step


STAVROS = Hand(
    slug="mirela-stavros-dean",
    artist="Mirela Stavros-Dean",
    style="Tonal realism",
    genre="cityscape",
    years=(1923, 1949),
    formats=(0.8, 1.25, 0.72, 1.0),
    surface=Surface("canvas", grain=0.035, vignette=0.1, relief=0.04),
    titles=(
        "Windows, | Dusk on | Lamps along | Roofs above | The hour of supper,",
        (
            "Harrow Street | the canal side | Tenth and Vine | the Old Quarter | Lisgar Row | number "
            "48 | the hospital hill | a city | the tannery | Bell Lane | the lower town | Mercer Yard "
            "| the tram depot"
        ),
    ),
    paint=windows,
)
