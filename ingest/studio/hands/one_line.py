"""Heads drawn in one line, without lifting the pen."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import blob, curve, ribbon
from ingest.studio.palette import blend, inks, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["IVERSEN"]


def one_line(brief: Brief) -> Image.Image:
    """Draw a head without lifting the pen over one patch of colour; two heads, and a looser line, in later years."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    sheet = Sheet.plain(width, height, palette("f4eee2")[0])
    warm, cool = palette("e9a58b e8c77d d98c7a"), palette("9fb8d9 a9cdbb c9b3dc")
    patches = inks(jitter(rng, blend(warm, cool, brief.drift), 0.02))
    heads = 1 if brief.between(0, 1) < 0.6 else 2
    for number in range(heads):
        x = width * (0.5 if heads == 1 else 0.33 + 0.34 * number)
        size = short * (0.33 if heads == 1 else 0.24)
        patch = blob(rng, x + rng.normal(0, 0.06) * width, height * rng.uniform(0.4, 0.6), 1.08 * size, 0.3)
        sheet.polygon(patch, patches[number])
    for number in range(heads):
        x = width * (0.5 if heads == 1 else 0.33 + 0.34 * number)
        _head(brief, sheet, (x, height * 0.48, short * (0.33 if heads == 1 else 0.24) * (1 if number == 0 else -1)))
    return sheet.finished()


# One line through a face in profile-and-front: hair, brow, nose, lips, chin, ear, then back for the eyes.
FACE = (
    (0.1, 1.6),
    (0.18, 1.05),
    (0.55, 0.75),
    (0.72, 0.25),
    (0.86, 0.1),
    (0.84, -0.18),
    (0.7, -0.12),
    (0.7, -0.5),
    (0.45, -0.95),
    (-0.1, -1.12),
    (-0.62, -0.86),
    (-0.82, -0.35),
    (-0.66, -0.3),
    (-0.35, -0.42),
    (-0.16, -0.28),
    (-0.22, -0.1),
    (-0.45, -0.06),
    (-0.6, -0.14),
    (-0.42, -0.24),
    (-0.2, -0.14),
    (-0.12, 0.12),
    (-0.24, 0.34),
    (-0.1, 0.4),
    (0.02, 0.32),
    (0.0, 0.1),
    (0.06, -0.16),
    (0.24, -0.28),
    (0.44, -0.22),
    (0.4, -0.08),
    (0.2, -0.06),
    (0.16, -0.16),
    (0.34, -0.2),
    (0.2, 0.3),
    (-0.02, 0.56),
    (-0.2, 0.53),
    (-0.32, 0.6),
    (-0.1, 0.68),
    (0.14, 0.58),
    (-0.06, 0.59),
    (-0.34, 0.61),
    (-0.66, 0.35),
    (-0.62, 0.66),
    (-0.4, 0.98),
    (-0.05, 1.12),
    (0.3, 1.0),
    (0.0, 1.28),
    (-0.22, 1.65),
)


def _head(brief: Brief, sheet: Sheet, place: tuple[float, float, float]) -> None:
    rng, (x, y, size) = brief.rng, place
    knots = np.array(FACE) + rng.normal(0, brief.between(0.022, 0.05), (len(FACE), 2))
    knots[:, 1] *= rng.uniform(0.92, 1.06)
    path = curve(knots, 420) * (size, abs(size)) + (x, y)
    pressure = 1 + 0.45 * np.sin(np.linspace(0, 9, 420) + rng.uniform(0, 6))
    sheet.polygon(ribbon(path, brief.between(0.0105, 0.007) * brief.short * pressure), (28, 26, 34))


IVERSEN = Hand(
    slug="lotte-iversen-park",
    artist="Lotte Iversen-Park",
    style="Drawing and engraving",
    genre="portrait",
    years=(1936, 1971),
    formats=(0.76, 1.0, 0.84),
    surface=Surface("wove", grain=0.028, vignette=0.03),
    titles=(
        "Without lifting: | One line, | Sitting: | Head, | Blind contour:",
        (
            "Marguerite | Tuesday | the translator | twice | Anselm | a long evening | the sisters | "
            "looking away | Odile | the same again | before coffee | N. asleep | an afternoon"
        ),
    ),
    paint=one_line,
)
