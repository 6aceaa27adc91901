"""A river bank seen as dots, each with its contrary here and there."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import scattered
from ingest.studio.noise import ridge
from ingest.studio.palette import Field, blend, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["CALLOWAY"]

MORNING = palette("8fc0e0 fbe7b4 6f93c4 6fa544 ecd052 1f5a46 e9b7a0")
EVENING = palette("4a4fa0 ff9a52 4a4a94 4a6f3f c9702e 1d2450 e06a5a")


def points(brief: Brief) -> Image.Image:
    """See a river bank as dots: sky, far hills, water, meadow and poplars, from clear morning to evening."""
    rng, width, height = brief.rng, brief.width, brief.height
    stops = blend(MORNING, EVENING, brief.drift)
    x, y = scattered(rng, brief.width, brief.height, 6400)
    column = np.clip(x, 0, width - 1).astype(int)
    far = 0.06 * ridge(rng, width, width * 0.5, 3)[column]
    level, shore = 0.42 + rng.uniform(-0.04, 0.04), 0.66 + rng.uniform(-0.04, 0.04)
    bank = shore + 0.05 * ridge(rng, width, width * 0.8, 2)[column] + rng.uniform(-0.12, 0.12) * (x / width - 0.5)
    v = y / height
    colours = ramp(stops[[0, 1]], v / level)
    sun_x, sun_y = rng.uniform(0.2, 0.8), brief.between(0.12, 0.34)
    glow = np.exp(-(((x / width - sun_x) * 1.3) ** 2 + (v - sun_y) ** 2) / 0.012)
    colours += glow[:, None] * (palette("fff3c4")[0] - colours)
    hills = (v > level - 0.05 - far) & (v <= level)
    colours[hills] = blend(stops[2], stops[5], 0.25)
    water = (v > level) & (v <= bank)
    mirrored = ramp(stops[[1, 0]], np.clip((v - level) / (shore - level), 0, 1)) * 0.93
    path = np.exp(-(((x / width - sun_x) * 9) ** 2)) * 0.75
    mirrored += path[:, None] * (palette("fff0c0")[0] - mirrored)
    colours[water] = mirrored[water]
    meadow = v > bank
    colours[meadow] = ramp(stops[[4, 3, 5]], np.clip((v - bank) / 0.34 + 0.2 * rng.normal(size=len(v)), 0, 1))[meadow]
    colours = _poplars(brief, (x, y), colours, (stops[5], stops[3], shore))
    colours = jitter(rng, colours, 0.035, tint=1.0)
    contrary = rng.random(len(x)) < 0.07
    colours[contrary] = 0.22 * (1 - colours[contrary]) + 0.78 * colours[contrary][:, [2, 1, 0]]
    sheet = Sheet.plain(width, height, blend(palette("efe6d2")[0], stops[1], 0.3))
    radii = rng.uniform(0.0068, 0.0105, len(x)) * brief.short
    for left, top, radius, tone in zip(x.tolist(), y.tolist(), radii.tolist(), inks(colours), strict=True):
        sheet.disc(left, top, radius, tone)
    return sheet.finished()


def _poplars(brief: Brief, at: tuple[Field, Field], colours: Field, scene: tuple[Field, Field, float]) -> Field:
    rng, (x, y) = brief.rng, at
    dark, light, shore = scene
    for _ in range(round(brief.between(5, 2))):
        middle, foot = brief.width * rng.uniform(0.04, 0.96), brief.height * (shore + rng.uniform(0, 0.1))
        tall, wide = brief.height * rng.uniform(0.36, 0.56), brief.width * rng.uniform(0.025, 0.055)
        rise = np.clip((foot - y) / tall, 0, 1)
        reach = wide * np.sqrt(np.clip(rise * (1 - rise), 0, 1)) * 2 * (1.3 - 0.6 * rise) + 1.5
        inside = (np.abs(x - middle) < reach * rng.uniform(0.8, 1.1, len(x))) & (y < foot) & (rise < 1)
        colours[inside] = ramp(np.stack([dark, light]), np.clip(0.5 + 0.7 * (middle - x) / wide, 0, 1))[inside]
        shadow = (np.abs(x - middle) < wide * 0.8) & (y > foot) & (y < foot + 0.4 * tall) & (rng.random(len(x)) < 0.5)
        colours[shadow] = blend(dark, palette("3d3f73")[0], 0.4)
    return colours


CALLOWAY = Hand(
    slug="edmund-calloway",
    artist="Edmund Calloway",
    style="Post-Impressionism",
    genre="landscape",
    years=(1885, 1907),
    formats=(1.3, 1.2, 1.4),
    surface=Surface("canvas", grain=0.03, vignette=0.05, relief=0.06),
    titles=(
        "The river, | Poplars, | The bathing place, | Towpath, | Quiet water,",
        (
            "Aubray | morning | Saint-Loup | the third lock | haymaking | Marnay | late September | "
            "the island | Vernes | six o'clock | the old ferry | Grisolles | evening"
        ),
    ),
    paint=points,
)
