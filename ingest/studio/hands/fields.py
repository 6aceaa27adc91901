"""Fields of colour: soft clouds of pigment on a stained ground, and pale ruled bands."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import smoothstep
from ingest.studio.noise import clouds
from ingest.studio.palette import jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture

__all__ = ["DELACOURT", "PELLERIN"]

# Each column is a place along the drift: honey, flame, plum, night.
GROUNDS = palette("d98e2b b8401f 5a1830 2b1a38 151a2c")
UPPERS = palette("f6d55c f2a33a a62c2b 4a2142 20344f")
LOWERS = palette("f0b67f d8432a 2b1220 8c3a4a 3d4a63")
MIDDLES = palette("fff1c9 f7d7a8 d9622b 9c5a6b 7d93a8")


def clouds_of_colour(brief: Brief) -> Image.Image:
    """Float two or three soft-edged rectangles on a ground, from honey and flame to plum and night."""
    rng, width, height = brief.rng, brief.width, brief.height
    place = brief.between(0, 1, 0.03)
    x, y = brief.grid()
    veil = clouds(rng, width, height, 130, 4)
    brushed = clouds(rng, width, height, 14, 2, 7)
    pixels = jitter(rng, ramp(GROUNDS, place), 0.01) * (1 + 0.07 * veil + 0.03 * brushed)[..., None]
    edge = 0.07 * width
    frayed = 0.022 * width * (clouds(rng, width, height, 40, 3) + 0.7 * brushed)
    side = width * rng.uniform(0.075, 0.1)
    cuts = _cuts(brief)
    colours = [UPPERS, LOWERS] if len(cuts) == 3 else [UPPERS, MIDDLES, LOWERS]
    for top, bottom, stops in zip(cuts[:-1], cuts[1:], colours, strict=True):
        gap = 0.018 * height
        inset = np.minimum(np.minimum(x - side, width - side - x), np.minimum(y - top - gap, bottom - gap - y))
        body = smoothstep(-0.25 * edge, 0.55 * edge, inset + frayed) * (0.86 + 0.12 * veil + 0.08 * brushed)
        colour = jitter(rng, ramp(stops, place), 0.02) * (1 + 0.05 * clouds(rng, width, height, 200, 1))[..., None]
        pixels += np.clip(body, 0, 1)[..., None] * (colour - pixels)
    return picture(pixels)


def _cuts(brief: Brief) -> list[float]:
    rng, height = brief.rng, brief.height
    top, bottom = 0.055 * height, 0.945 * height
    if rng.random() < 0.5:
        return [top, brief.between(0.62, 0.4) * height, bottom]
    upper = brief.between(0.5, 0.3)
    return [top, upper * height, (upper + rng.uniform(0.1, 0.16)) * height, bottom]


DAWNS = palette("f3cfc0 f2dcc4 f4ecd2 dfe8da c9dbe4")
HAZES = palette("e8a9a0 ecc39f efe0a8 b4d0c2 9dbbd2")


def bands(brief: Brief) -> Image.Image:
    """Rule a pale canvas with pencil into level bands and tint them thinly, rose to water blue."""
    rng, width, height = brief.rng, brief.width, brief.height
    _, y = brief.grid()
    count = round(brief.between(5, 13))
    weights = np.tile([1.0, rng.uniform(0.35, 0.9)], count)[:count]
    edges = np.concatenate([[0], np.cumsum(weights / weights.sum())])
    edges = 0.04 * height + edges * 0.92 * height
    place = np.clip(brief.drift + np.linspace(-0.18, 0.18, count) * rng.choice([-1, 1]), 0, 1)
    tints = jitter(rng, ramp(HAZES, place), 0.012)
    tints[1::2] = jitter(rng, ramp(DAWNS, place[1::2]), 0.008)
    pool = clouds(rng, width, height, 70, 4)
    strokes = clouds(rng, width, height, 5, 2, 26)
    pixels = np.broadcast_to(palette("f6f2e8")[0], (height, width, 3)).copy()
    wobble = 0.7 * clouds(rng, width, height, 50, 1)
    load = np.clip(0.86 + 0.2 * pool + 0.16 * strokes, 0, 1.1)
    for top, bottom, tint in zip(edges[:-1], edges[1:], tints, strict=True):
        rows = np.s_[max(0, int(top) - 3) : int(bottom) + 4]
        inside = np.clip((y - top + wobble)[rows], 0, 1) * np.clip((bottom - y + wobble)[rows], 0, 1)
        pixels[rows] += (load[rows] * inside)[..., None] * (tint - pixels[rows])
    for edge in edges:
        rows = np.s_[max(0, int(edge) - 4) : int(edge) + 5]
        graphite = np.clip(1.05 - np.abs(y[rows] - edge + wobble[rows]), 0, 1) * (0.32 + 0.22 * strokes[rows])
        pixels[rows] *= (1 - np.clip(graphite, 0, 0.6))[..., None]
    return picture(pixels)


DELACOURT = Hand(
    slug="maris-delacourt",
    artist="Maris Delacourt",
    style="Colour field",
    genre="abstract",
    years=(1949, 1970),
    formats=(0.78, 0.72, 0.86),
    surface=Surface("canvas", grain=0.03, vignette=0.1),
    titles=(
        "Painting: | Untitled, | Chapel study: | Field: | Panel in",
        (
            "honey and flame | plum over black | ochre | oxblood | the hour before | embers | madder "
            "| rust and rose | aubergine | the last warmth | wine-dark | midnight | saffron"
        ),
    ),
    paint=clouds_of_colour,
)

PELLERIN = Hand(
    slug="agathe-pellerin",
    artist="Agathe Pellerin",
    style="Colour field",
    genre="abstract",
    years=(1966, 1994),
    formats=(1.0, 1.0, 0.9),
    surface=Surface("linen", grain=0.03, vignette=0.03),
    titles=(
        "Song for | Untitled: | Little | Gentle | Towards",
        (
            "morning | plain | happiness | horizon | silence | drift of salt | mesa | rain, far off | "
            "innocence | milk and water | sea fog | afternoon | arrival"
        ),
    ),
    paint=bands,
)
