"""Birds on a branch, cut in lino before a low sun."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, oval, ribbon, rotated, tremble
from ingest.studio.palette import Field, Ink, blend, inks, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["LOCKE"]

DAY = palette("efe6d3 1d1b1c c2402c e0a43a 4f6b4a")
DUSK = palette("e3e4da 14233a 2f6f86 d8705a 7a4a5c")


def birds(brief: Brief) -> Image.Image:
    """Perch a bird, later a company, on a branch before a low sun, with feathers cut by the gouge."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = blend(DAY, DUSK, brief.drift)
    tones = inks(stops)
    sheet = Sheet.plain(width, height, stops[0])
    sheet.disc(width * rng.uniform(0.3, 0.7), height * rng.uniform(0.3, 0.5), short * rng.uniform(0.24, 0.34), tones[3])
    level = height * rng.uniform(0.68, 0.76)
    knots = np.stack([np.linspace(-0.1, 1.1, 7) * width, level + rng.normal(0, 0.03, 7) * height], axis=1)
    branch = curve(knots, 120)
    sheet.polygon(ribbon(branch, np.linspace(0.035, 0.014, 120) * short), tones[1])
    _leaves(brief, sheet, branch, (tones[4], tones[0]))
    count = max(1, round(brief.between(0.7, 4.2)))
    places = np.linspace(0.5 / count, 1 - 0.5 / count, count) + rng.normal(0, 0.02, count)
    facing = rng.choice([-1, 1])
    for number, place in enumerate(np.clip(places, 0.15, 0.85)):
        foot = branch[int(10 + place * 100)]
        size = short * (0.52 / count**0.42) * rng.uniform(0.92, 1.05)
        way = facing if rng.random() < 0.7 else -facing
        _bird(sheet, (foot[0], foot[1], size * way, size), (tones[1], tones[0], tones[2 if number % 2 == 0 else 4]))
    return tremble(sheet.image, rng, 1.7, 6).reduce(2)


def _leaves(brief: Brief, sheet: Sheet, branch: Field, tones: tuple[Ink, Ink]) -> None:
    rng = brief.rng
    for place in rng.integers(4, 116, round(brief.between(12, 26))):
        length = brief.short * rng.uniform(0.07, 0.12)
        along = np.linspace(0, 1, 14)
        spine = np.stack([along * length, 0.12 * length * np.sin(3 * along)], axis=1)
        turn = rng.choice([-1, 1]) * rng.uniform(0.5, 1.3)
        leaf = rotated(ribbon(spine, 0.38 * length * np.sin(np.pi * along**0.8) + 0.5), turn, *branch[place])
        sheet.polygon(leaf, tones[0])
        sheet.line(rotated(spine[2:12], turn, *branch[place]), tones[1], 0.9)


def _bird(sheet: Sheet, place: tuple[float, float, float, float], tones: tuple[Ink, Ink, Ink]) -> None:
    foot_x, foot_y, wide, tall = place
    at = np.array([foot_x, foot_y])

    def put(points: Field | list[list[float]]) -> Field:
        placed: Field = np.asarray(points, dtype=float) * (wide, tall) + at
        return placed

    dark, paper, accent = tones
    for leg in (-0.03, 0.05):
        sheet.line(put([[leg, -0.14], [leg + 0.02, 0.0]]), dark, 0.018 * tall)
    tail = [[-0.2, -0.3], [-0.62, -0.02], [-0.52, 0.06], [-0.1, -0.14]]
    sheet.polygon(put(tail), dark)
    body = curve(
        [
            [-0.3, -0.24],
            [-0.05, -0.1],
            [0.2, -0.2],
            [0.31, -0.42],
            [0.36, -0.62],
            [0.24, -0.72],
            [0.1, -0.64],
            [-0.02, -0.5],
            [-0.2, -0.38],
        ],
        80,
        closed=True,
    )
    sheet.polygon(put(body), dark)
    breast = curve(
        [[0.0, -0.15], [0.19, -0.22], [0.29, -0.42], [0.27, -0.54], [0.15, -0.42], [0.08, -0.27]], 50, closed=True
    )
    sheet.polygon(put(breast), accent)
    sheet.polygon(put([[0.335, -0.66], [0.47, -0.6], [0.34, -0.58]]), accent)
    sheet.polygon(put(oval(0.25, -0.635, 0.034, 0.034)), paper)
    sheet.polygon(put(oval(0.256, -0.635, 0.016, 0.016)), dark)
    wing = curve(
        [[0.12, -0.46], [0.08, -0.28], [-0.12, -0.18], [-0.46, -0.08], [-0.3, -0.26], [-0.1, -0.44]], 60, closed=True
    )
    sheet.polygon(put(wing), dark)
    for feather in np.linspace(0, 1, 8):
        root = np.array([0.07 - 0.24 * feather, -0.42 + 0.07 * feather])
        tip = np.array([0.03 - 0.42 * feather, -0.26 + 0.17 * feather])
        bow = (root + tip) / 2 + (0.03, 0.03)
        sheet.polygon(ribbon(put(curve([root, bow, tip], 14)), np.linspace(0.004, 0.017, 14) * tall), paper)
    for speck in range(14):
        x, y = 0.14 + 0.1 * np.sin(speck * 2.4), -0.24 - 0.022 * speck
        sheet.polygon(ribbon(put([[x, y], [x + 0.012, y + 0.03]]), [0.006 * tall, 0.012 * tall]), paper)


LOCKE = Hand(
    slug="philippa-locke",
    artist="Philippa Locke",
    style="Printmaking",
    genre="animals",
    years=(1926, 1958),
    formats=(0.8, 1.0, 1.25),
    surface=Surface("wove", grain=0.04, vignette=0.03),
    titles=(
        "Blackbirds | Thrush | Starlings | Magpies | Two wrens",
        (
            "at sundown | in the quince | and low sun | on a bare branch | in March | listening | "
            "before the frost | at the allotment | in the hawthorn | calling | over Fen Lane | in the "
            "orchard | and harvest moon"
        ),
    ),
    paint=birds,
)
