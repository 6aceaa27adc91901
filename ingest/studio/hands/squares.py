"""Upright grids in primaries, and tilted planes that float free of them."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import rotated
from ingest.studio.palette import blend, inks, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["LISK", "VANCE"]

Cell = tuple[float, float, float, float]

PLASTERS = palette("f1ece0 eee8dc f4f0e6 e6e2d8")
QUIET = palette("b4413a d9b44a 41557e 9aa3a6 2a2a2c")
LOUD = palette("d8261c f4c20d 1747a6 f1ece0 15151a")


def grid(brief: Brief) -> Image.Image:
    """Divide a field by black bars, more and thinner as the years pass, and colour a few of its cells."""
    rng, lean = brief.rng, 0.5
    cells = _divided(rng, (0, 0, brief.width, brief.height), round(brief.between(6, 26)), lean)
    colours = jitter(rng, blend(QUIET, LOUD, brief.drift), 0.015)
    plasters = jitter(rng, PLASTERS, 0.008)
    sheet = Sheet.plain(brief.width, brief.height, PLASTERS[0])
    bar = brief.between(0.026, 0.014) * brief.short
    share = brief.between(0.3, 0.5)
    coloured = rng.permutation(len(cells))[: max(3, round(len(cells) * share))].tolist()
    for place, cell in enumerate(cells):
        accent = coloured.index(place) % 5 if place in coloured else -1
        fill = inks(colours)[accent] if accent >= 0 else inks(plasters)[int(rng.integers(4))]
        sheet.box(*cell, fill)
    for left, top, right, bottom in cells:
        thick = bar * rng.choice([0.75, 1, 1, 1.5])
        if right < brief.width:
            sheet.box(right - thick / 2, top - bar / 2, right + thick / 2, bottom + bar / 2, (20, 19, 22))
        if bottom < brief.height:
            sheet.box(left - bar / 2, bottom - thick / 2, right + bar / 2, bottom + thick / 2, (20, 19, 22))
    return sheet.finished()


def _divided(rng: Generator, whole: Cell, count: int, lean: float) -> list[Cell]:
    cells = [whole]
    while len(cells) < count:
        areas = [(right - left) * (bottom - top) for left, top, right, bottom in cells]
        # Mostly the largest, sometimes any: even division is dull.
        place = int(np.argmax(areas)) if rng.random() < 0.6 else int(rng.integers(len(cells)))
        left, top, right, bottom = cells.pop(place)
        cut = rng.uniform(0.22, 0.78)
        wide = (right - left) / (right - left + bottom - top)
        if rng.random() < lean + 1.6 * (wide - 0.5):
            middle = left + cut * (right - left)
            cells += [(left, top, middle, bottom), (middle, top, right, bottom)]
        else:
            middle = top + cut * (bottom - top)
            cells += [(left, top, right, middle), (left, middle, right, bottom)]
    return cells


STARK = palette("161418 161418 b3231d 161418 c9a227 8d8a84")
SPECTRAL = palette("1b2a5c d9442b e8a31c 2f7f79 d98aa0 1a1a1f")


def planes(brief: Brief) -> Image.Image:
    """Set bars, planes and discs afloat along one slanting axis, few and black, later many and coloured."""
    rng, short = brief.rng, brief.short
    sheet = Sheet.plain(brief.width, brief.height, jitter(rng, palette("efe8d8")[0], 0.01))
    colours = inks(jitter(rng, blend(STARK, SPECTRAL, brief.drift), 0.02))
    angle = np.radians(brief.between(-28, 40, 0.08))
    centre = np.array([brief.width, brief.height]) * rng.uniform(0.44, 0.56, 2)
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    side = short * brief.between(0.46, 0.2)
    sheet.polygon(rotated(box * (side, side * rng.uniform(0.7, 1.05)), angle, *centre), colours[0])
    for _ in range(round(brief.between(5, 17))):
        along, across = rng.normal(0, 0.3) * short, rng.normal(0, 0.17) * short
        x, y = rotated([[along, across]], angle, *centre)[0]
        length = short * rng.uniform(0.06, 0.5) * brief.between(1, 0.8)
        thick = short * rng.choice([0.012, 0.02, 0.035, 0.07, 0.11])
        turn = angle + rng.choice([0, 0, 0, np.pi / 2, 0.25])
        sheet.polygon(rotated(box * (length, thick), turn, x, y), colours[int(rng.integers(6))])
    for _ in range(round(brief.between(1, 3))):
        x, y = rotated([[rng.normal(0, 0.3) * short, rng.choice([-0.24, 0.26]) * short]], angle, *centre)[0]
        sheet.disc(x, y, short * rng.uniform(0.035, 0.1), colours[int(rng.integers(1, 6))])
    return sheet.finished()


VANCE = Hand(
    slug="ottoline-vance",
    artist="Ottoline Vance",
    style="Geometric abstraction",
    genre="abstract",
    years=(1921, 1946),
    formats=(1.0, 0.82, 1.2),
    surface=Surface("linen", grain=0.018, vignette=0.05),
    titles=(
        "Composition with | Tableau with | Study with | Arrangement: | Composition,",
        (
            "red and grey | two yellows | blue corner | white and black | uneven thirds | a narrow "
            "red | eleven lines | late yellow | the tram timetable | crossing streets | blue, red and "
            "salt | a window on Keizer Street | chalk"
        ),
    ),
    paint=grid,
)

LISK = Hand(
    slug="varvara-lisk",
    artist="Varvara Lisk",
    style="Geometric abstraction",
    genre="abstract",
    years=(1914, 1931),
    formats=(0.8, 1.0, 0.72),
    surface=Surface("canvas", grain=0.028, vignette=0.07),
    titles=(
        "Suspension of | Flight of | Study for | Towards | Construction:",
        (
            "ascent | black weight | red signal | an aerodrome | winter light | magnetism | the "
            "eighth dimension | a falling square | telegraph | gravity undone | the orbiting bar | a "
            "tilted city | forces"
        ),
    ),
    paint=planes,
)
