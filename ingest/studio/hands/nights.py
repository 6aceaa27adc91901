"""Night skies that turn about their stars in long strokes."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import follow, scattered
from ingest.studio.noise import clouds, ridge
from ingest.studio.palette import Field, blend, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["NORDAHL"]

BLUES = palette("0e1a3f 1f3f82 3f78b5 9cc3cf f2d479")
GREENS = palette("0b1a2a 12454f 2f8a7c a5d6a0 f3e7a0")


def swirls(brief: Brief) -> Image.Image:
    """Turn a night sky about its stars in long strokes, over sleeping hills; blue at first, green at last."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = blend(BLUES, GREENS, brief.drift)
    coarse = 4  # the wind is smooth: every fourth pixel will do
    x, y = (axis[::coarse, ::coarse] for axis in brief.grid())
    down, across = y.size, x.size
    angles = 0.9 * clouds(rng, across, down, 260 / coarse, 2, 1.6) + rng.normal(0, 0.15)
    stars = rng.uniform((0.06, 0.06), (0.94, 0.52), (round(brief.between(5, 11)), 2)) * (width, height)
    sizes = short * rng.uniform(0.03, 0.06, len(stars))
    sizes[0] *= 2.1
    glow = np.zeros((down, across))
    for (star_x, star_y), size in zip(stars, sizes, strict=True):
        away_x, away_y = x - star_x, y - star_y
        near = np.exp(-((away_x**2 + away_y**2) / (3.2 * size) ** 2))
        turning = np.arctan2(away_y, away_x) + np.pi / 2
        angles += near * 1.6 * ((turning - angles + np.pi) % (2 * np.pi) - np.pi) * 0.62
        glow = np.maximum(glow, np.exp(-((away_x**2 + away_y**2) / (1.5 * size) ** 2)))
    crest = height * (0.76 - 0.09 * ridge(rng, width, width * 0.6, 3))
    light = 0.3 + 0.22 * clouds(rng, across, down, 110 / coarse, 2, 2.2) + 0.1 * np.sin(3 * angles) + 0.75 * glow
    slope = np.arctan(np.gradient(crest))[::coarse][None, :] * 0.9
    land = y > crest[::coarse][None, :]
    angles, light = np.where(land, slope, angles), np.clip(np.where(land, 0.1, light), 0, 1)
    sheet = Sheet(picture(ramp(stops, light)).resize((width * Sheet.scale, height * Sheet.scale)))
    places = np.stack(scattered(rng, brief.width, brief.height, 2300), axis=1)
    column, row = (np.clip(places[:, axis], 0, size - 1).astype(int) for axis, size in ((0, width), (1, height)))
    hill = places[:, 1] > crest[column]
    tones = ramp(stops, light[row // coarse, column // coarse])
    field = ramp(np.stack([stops[0] * 0.8, blend(stops[1], palette("3d5a3a")[0], 0.5)]), rng.random(len(places)))
    tones = jitter(rng, np.where(hill[:, None], field, tones), 0.055, tint=0.7)
    paths = follow(angles, places / coarse, 6, short * 0.011 / coarse) * coarse
    widths = rng.uniform(0.006, 0.012, len(places)) * short
    for path, tone, wide in zip(paths, inks(tones), widths.tolist(), strict=True):
        sheet.pen.line((path * 2).ravel().tolist(), fill=tone, width=round(wide * 2))
    _windows(brief, sheet, crest)
    return sheet.finished()


def _windows(brief: Brief, sheet: Sheet, crest: Field) -> None:
    rng, short = brief.rng, brief.short
    for x in rng.uniform(0.08, 0.92, 9) * brief.width:
        y = crest[int(x)] + rng.uniform(0.03, 0.14) * brief.height
        side = short * rng.uniform(0.018, 0.03)
        sheet.polygon([[x, y], [x + side, y - 0.8 * side], [x + 2 * side, y]], (34, 32, 44))
        sheet.box(x + 0.15 * side, y, x + 1.85 * side, y + side, (58, 66, 92))
        sheet.box(x + 0.7 * side, y + 0.25 * side, x + 1.15 * side, y + 0.75 * side, (247, 208, 96))


NORDAHL = Hand(
    slug="signe-nordahl",
    artist="Signe Nordahl",
    style="Post-Impressionism",
    genre="landscape",
    years=(1889, 1911),
    formats=(1.28, 1.0, 0.8),
    surface=Surface("canvas", grain=0.03, vignette=0.08, relief=0.16),
    titles=(
        "Night over | Stars above | Sleepless: | The turning sky, | August night,",
        (
            "the village | Lund | the asylum garden | the harvest | Vadstena | the parish | the mill "
            "hill | seven stars | the road home | Österlen | the plain | the last lamp | Skarö"
        ),
    ),
    paint=swirls,
)
