"""The sun over open water, in dabs."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import scattered
from ingest.studio.palette import blend, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["RUIZ"]

SUNRISE = palette("9db4d6 f3cdbf f9e6b8 86a9b8 3f6f8f")
SUNSET = palette("4a4478 e0604a f9b54a 8a5a6e 2b2f58")


def sea(brief: Brief) -> Image.Image:
    """Dab the sun over open water and its broken road of light; from a cool sunrise to a burning dusk."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = blend(SUNRISE, SUNSET, brief.drift)
    level = rng.uniform(0.4, 0.5)
    sun_x, sun_y = rng.uniform(0.25, 0.75), level - brief.between(0.24, 0.07)
    x, y = scattered(rng, brief.width, brief.height, 3000)
    u, v = x / width, y / height
    sky = ramp(stops[:3], np.clip(v / level + 0.08 * np.sin(5 * u + 9 * v), 0, 1))
    glow = np.exp(-(((u - sun_x) * width / short) ** 2 + ((v - sun_y) * height / short) ** 2) / 0.03)
    sky += 0.75 * glow[:, None] * (stops[2] * 1.06 - sky)
    deep = np.clip((v - level) / (1 - level), 0, 1)
    water = ramp(stops[[2, 3, 4]], 0.15 + 0.85 * deep)
    road = np.exp(-(((u - sun_x) / (0.035 + 0.13 * deep)) ** 2)) * (rng.random(len(x)) < 0.8 - 0.3 * deep)
    light = blend(palette("fff4d2")[0], palette("ffc861")[0], brief.drift)
    water += 0.9 * road[:, None] * (light - water)
    tones = jitter(rng, np.where((v < level)[:, None], sky, water), 0.028, tint=0.9)
    order = np.argsort(v > level, kind="stable")
    sheet = Sheet.over(ramp(stops, np.broadcast_to(np.linspace(0, 1, height)[:, None], (height, width))))
    lengths = short * np.where(v < level, 0.042, 0.02 + 0.05 * deep) * rng.uniform(0.6, 1.3, len(x))
    tilts = np.where(v < level, rng.normal(-0.18, 0.16, len(x)), rng.normal(0, 0.05, len(x)))
    thick = short * np.where(v < level, 0.012, 0.0055 + 0.011 * deep)
    reach = np.stack([lengths * np.cos(tilts), lengths * np.sin(tilts)], axis=1) / 2
    ends = np.concatenate([np.stack([x, y], axis=1) - reach, np.stack([x, y], axis=1) + reach], axis=1) * 2
    colours, widths = inks(tones), np.maximum(1, np.rint(thick * 2)).astype(int).tolist()
    for place in order.tolist():
        sheet.pen.line(ends[place].tolist(), fill=colours[place], width=widths[place])
        if place == order[int((v < level).sum()) - 1]:
            sheet.disc(sun_x * width, sun_y * height, 0.058 * short, inks(light[None])[0])
    _sails(brief, sheet, level, inks(stops[[4, 0]] * 0.75))
    return sheet.finished()


def _sails(brief: Brief, sheet: Sheet, level: float, tones: list[tuple[int, int, int]]) -> None:
    rng = brief.rng
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(0.1, 0.9) * brief.width, (level + rng.uniform(0.01, 0.09)) * brief.height
        tall = brief.short * rng.uniform(0.05, 0.1) * (1 + 5 * (y / brief.height - level))
        sheet.polygon([[x, y - tall], [x, y], [x + 0.5 * tall, y - 0.06 * tall]], tones[0])
        sheet.polygon([[x - 2, y - 0.9 * tall], [x - 2, y], [x - 0.3 * tall, y - 0.04 * tall]], tones[1])
        hull = [
            [x - 0.36 * tall, y + 2],
            [x + 0.55 * tall, y + 2],
            [x + 0.4 * tall, y + 0.14 * tall + 2],
            [x - 0.25 * tall, y + 0.14 * tall + 2],
        ]
        sheet.polygon(hull, tones[0])


RUIZ = Hand(
    slug="amparo-ruiz-hale",
    artist="Amparo Ruiz Hale",
    style="Post-Impressionism",
    genre="seascape",
    years=(1874, 1903),
    formats=(1.3, 1.4, 1.1),
    surface=Surface("canvas", grain=0.03, vignette=0.04, relief=0.16),
    titles=(
        "Sun, | Harbour mouth, | Impression, | The road of light, | Open water,",
        (
            "Cabo Mayor | low tide | the roadstead | breakfast hour | Santoña | slack water | haze | "
            "the breakwater | Laredo | a calm | the sardine boats | burning evening | the estuary"
        ),
    ),
    paint=sea,
)
