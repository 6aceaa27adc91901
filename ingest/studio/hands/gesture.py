"""Paint flung and paint dragged: skeins of dripped line, and a wide dry brush."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, ribbon, tremble
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, Ink, blend, ink, inks, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["BRANDT", "OKAFOR"]

EARTHS = palette("1a1817 f2ece0 8a5a34 1a1817 c9b08a 6b6f72")
BRIGHTS = palette("14213d f5f1e8 e0b21b c73e2b 2b7a8c 14213d")


def drips(brief: Brief) -> Image.Image:
    """Loop poured lines over raw canvas, layer upon layer; earths and sparse first, bright and dense later."""
    rng, short = brief.rng, brief.short
    ground = blend(palette("d9c7a4")[0], palette("e9e4d8")[0], brief.drift)
    stain = clouds(rng, brief.width, brief.height, 120, 3)[..., None]
    sheet = Sheet.over(ground * (1 + 0.06 * stain))
    colours = inks(blend(EARTHS, BRIGHTS, brief.drift))
    for number in range(round(brief.between(16, 40))):
        tone = colours[number % 6]
        _skein(brief, sheet, tone, short * rng.uniform(0.004, 0.011))
        for _ in range(6):
            x, y = rng.random(2) * (brief.width, brief.height)
            sheet.disc(x, y, short * 0.002 + short * 0.009 * rng.random() ** 4, tone)
    return sheet.finished()


def _skein(brief: Brief, sheet: Sheet, tone: Ink, thick: float) -> None:
    rng = brief.rng
    turns = rng.normal(0, 1.1, 16).cumsum() * 0.6 + rng.normal(0, 2.2, 16)
    hops = np.stack([np.cos(turns), np.sin(turns)], axis=1) * brief.short * rng.uniform(0.1, 0.26)
    knots = np.cumsum(hops, axis=0)
    middle = np.array([brief.width, brief.height]) * rng.uniform(0.2, 0.8, 2)
    spread = np.array([brief.width, brief.height]) / np.maximum(np.ptp(knots, axis=0), 1) * rng.uniform(0.6, 1.05)
    path = curve((knots - knots.mean(axis=0)) * np.minimum(spread, 1.8) + middle, 150)
    speed = np.hypot(*np.gradient(path, axis=0).T)
    widths = thick * np.clip(1.7 * speed.mean() / (speed + 0.3 * speed.mean()), 0.35, 2.4)
    sheet.polygon(ribbon(path, widths), tone)
    for place in rng.integers(0, 150, 4):
        x, y = path[place]
        sheet.disc(x, y, widths[place] * rng.uniform(0.6, 1.1), tone)


ACCENTS = palette("16161a 7a4a28 a8322a 1f3fa8 d9962b")


def sweeps(brief: Brief) -> Image.Image:
    """Drag a house-painter's brush: two black girders on white, later many, and colour under them."""
    rng, width, height = brief.rng, brief.width, brief.height
    pool = clouds(rng, width, height, 110, 3)[..., None]
    sheet = Sheet.over(palette("efebe1")[0] * (1 + 0.02 * pool))
    count = round(brief.between(3, 8))
    for number in range(count):
        late = brief.drift > 0.3 and number < count * brief.drift * 0.55
        tone = ACCENTS[1 + (number + int(rng.integers(4))) % 4] if late else ACCENTS[0]
        _sweep(brief, sheet, tone, brief.short * rng.uniform(0.06, 0.13))
    return tremble(sheet.image, rng, 2.2, 4).reduce(2)


def _sweep(brief: Brief, sheet: Sheet, tone: Field, thick: float) -> None:
    rng = brief.rng
    size = np.array([brief.width, brief.height])
    upright = rng.random() < 0.5
    start, end = rng.uniform(0.04, 0.2), rng.uniform(0.8, 0.98)
    across = rng.uniform(0.18, 0.82)
    ends = np.array([[start, across], [0.5, across], [end, across]]) + rng.normal(0, 0.07, (3, 2)) * (0.3, 1)
    spine = curve((ends[:, ::-1] if upright else ends) * size, 60)
    if rng.random() < 0.5:
        spine = spine[::-1]
    _bristles(rng, sheet, spine, thick, tone)


def _bristles(rng: Generator, sheet: Sheet, spine: Field, thick: float, tone: Field) -> None:
    way = np.gradient(spine, axis=0)
    side = np.stack([-way[:, 1], way[:, 0]], axis=1) / np.maximum(np.hypot(way[:, :1], way[:, 1:]), 1e-6)
    count = max(8, round(thick / 1.1))
    loads = np.convolve(rng.uniform(0.2, 1.25, count + 4), [0.2] * 5, "valid") + rng.normal(0, 0.1, count)
    tones = jitter(rng, np.broadcast_to(tone, (count, 3)), 0.012)
    for place, load, shade in zip(np.linspace(-0.5, 0.5, count), loads, tones, strict=True):
        path = spine + side * thick * place
        first = int(rng.integers(0, 4))
        last = int(np.clip(60 * (0.55 + 0.6 * load), 10, 60))
        sheet.line(path[first:last], ink(shade), 1.7)
        # Past the end of its ink a bristle leaves broken marks.
        for gap in range(last, 58, 5):
            if rng.random() < 0.55 * load:
                sheet.line(path[gap : gap + 3], ink(shade), 1)


BRANDT = Hand(
    slug="cass-brandt-ojo",
    artist="Cass Brandt-Ojo",
    style="Gestural abstraction",
    genre="abstract",
    years=(1945, 1963),
    formats=(1.35, 1.0, 0.78),
    surface=Surface("canvas", grain=0.035, vignette=0.05, relief=0.12),
    titles=(
        "Painting | Skein | Weather | All-over | Full moon",
        (
            "no. 11 | no. 4, ochre | of July | in silver and rust | no. 23 (undertow) | for a dancer "
            "| with thicket | no. 8 | at the barn | no. 9 | with kelp | in one breath | no. 31"
        ),
    ),
    paint=drips,
)

OKAFOR = Hand(
    slug="leopold-okafor-strand",
    artist="Leopold Okafor-Strand",
    style="Gestural abstraction",
    genre="abstract",
    years=(1948, 1967),
    formats=(1.25, 0.8, 1.0),
    surface=Surface("wove", grain=0.03, vignette=0.05, relief=0.06),
    titles=(
        "Girder, | Siege, | Crossing, | Untitled, | Black,",
        (
            "Monongahela | no. 2 | Wharf Street | for E. | the switchyard | winter | ultramarine | "
            "Harlan | no. 9 | trestle | the gate | August | iron"
        ),
    ),
    paint=sweeps,
)
