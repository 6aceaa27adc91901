"""Line alone makes the tone: hills hatched by a burin, and the contours of invented countries."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, smoothstep
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture

__all__ = ["ARDEN", "QUILL"]


def _ruled(phase: Field, share: Field) -> Field:
    """Draw lines one phase apart, each covering its share of the gap. Returns coverage in [0, 1]."""
    steep = np.maximum(np.hypot(*np.gradient(phase)), 1e-3)
    covered: Field = np.clip((share / 2 - np.abs((phase % 1) - 0.5)) / steep + 0.5, 0, 1)
    return covered


def hatched(brief: Brief) -> Image.Image:
    """Engrave hills under a moon: lines follow the ground and swell where it is dark."""
    rng, width, height = brief.rng, brief.width, brief.height
    x, y = brief.grid()
    moon = (width * rng.uniform(0.25, 0.75), height * brief.between(0.16, 0.34))
    away = np.hypot(x - moon[0], y - moon[1])
    radius = brief.between(0.14, 0.07) * brief.short
    tone = 0.66 - 0.5 * np.exp(-((away / (0.42 * brief.short)) ** 2)) + 0.16 * clouds(rng, width, height, 120, 3, 2.5)
    tone = np.where(away < radius, 0.01 + 0.2 * smoothstep(-radius, radius, x - moon[0] + 0 * y), tone)
    bend = y + np.where(away < radius, 0, 6 * clouds(rng, width, height, 160, 1, 3))
    count = round(brief.between(3, 6))
    for number in range(count):
        near = (number + 1) / count
        knots = rng.normal(0, brief.between(0.05, 0.085), round(brief.between(4, 7)))
        profile = curve(np.stack([np.linspace(0, width, len(knots)), knots], axis=1), width)[:, 1]
        crest = height * (0.4 + 0.5 * near**1.2 - 0.5 / count - profile)[None, :]
        below = y - crest
        slope = np.gradient(profile)[None, :] * height
        inside = below > 0
        shade = 0.5 + 1.1 * np.clip(slope, -0.4, 0.4) * np.sign(width / 2 - moon[0] + 1) + 0.3 * (near - 0.5)
        shade = shade - 0.3 * np.exp(-below / (0.035 * height)) * (below > 0)
        tone = np.where(inside, shade, tone)
        bend = np.where(inside, below * 0.8 + 0.35 * x * (-1) ** number, bend)
    pitch = brief.short / 92
    dark = np.clip(tone, 0.04, 0.95)
    lines = _ruled(bend / pitch, dark * 0.86)
    cross = _ruled((0.7 * x + 0.72 * y) / pitch, np.clip(1.6 * (dark - 0.55), 0, 0.6))
    inked = np.maximum(lines, cross)
    margin = 0.06 * brief.short
    rim = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) - margin
    inked = np.where(rim > 0, inked, np.clip(1 - np.abs(rim + 3.5), 0, 1) * 0.8)
    paper = palette("efe5cf")[0] - 0.035 * (rim > -0.45 * margin)[..., None]
    plate = blend(palette("2a2018")[0], palette("17334a")[0], brief.drift)
    return picture(paper + (0.94 * inked)[..., None] * (plate - paper))


LAND = palette("dfe6c8 ecebcf f2e6c4 e6c79a cf9f78")
ISLES = palette("8fb9cf c5dde0 f3efd8 dfe3b4 a9c49a")


def contours(brief: Brief) -> Image.Image:
    """Survey a country that is not there: contour lines over tints, from ochre uplands to islands in blue."""
    rng, width, height = brief.rng, brief.width, brief.height
    terrain = clouds(rng, width, height, brief.between(300, 150), 3) + 0.15 * clouds(rng, width, height, 60, 2)
    level = 0.5 + 0.42 * terrain
    steps = brief.between(17, 27)
    phase = level * steps
    tint = ramp(blend(LAND, ISLES, brief.drift), np.clip(np.floor(phase) / steps, 0, 1))
    steep = np.maximum(np.hypot(*np.gradient(phase)), 1e-3)
    nearest = np.abs(phase - np.rint(phase)) / steep
    heavy = np.rint(phase) % 5 == 0
    line = np.clip(np.where(heavy, 1.15, 0.62) - nearest + 0.35, 0, 1) * np.where(heavy, 0.9, 0.6)
    brown = blend(palette("6b3f22")[0], palette("1f4a66")[0], brief.drift)
    pixels = tint + line[..., None] * (brown - tint)
    pixels *= (1 + 0.1 * np.clip(np.gradient(terrain)[0] * 30 + np.gradient(terrain)[1] * 30, -1, 1))[..., None]
    x, y = brief.grid()
    rim = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) - 0.05 * brief.short
    square = brief.short / 4
    graticule = np.clip(0.8 - np.minimum(np.abs(x % square - square / 2), np.abs(y % square - square / 2)), 0, 1) * 0.22
    pixels += graticule[..., None] * (brown - pixels)
    frame = np.maximum(np.clip(1.2 - np.abs(rim), 0, 1), np.clip(0.8 - np.abs(rim + 4), 0, 1))
    margin = palette("f3ecdb")[0] + frame[..., None] * (brown - palette("f3ecdb")[0])
    return picture(np.where((rim > 0.5)[..., None], pixels, margin))


QUILL = Hand(
    slug="tobias-quill",
    artist="Tobias Quill",
    style="Drawing and engraving",
    genre="landscape",
    years=(1880, 1908),
    formats=(1.38, 1.25, 0.76),
    surface=Surface("laid", grain=0.022, vignette=0.06),
    titles=(
        "Moonrise over | The downs at | Night on | View of | Harvest moon,",
        (
            "Wychling | the long barrow | Saltmere | the drovers' road | Hollin Fell | seven hills | "
            "the quarry | Thornholt | Eddering | the borders | Little Askam | the ridgeway | "
            "Coldharbour"
        ),
    ),
    paint=hatched,
)

ARDEN = Hand(
    slug="selma-arden-voss",
    artist="Selma Arden-Voss",
    style="Drawing and engraving",
    genre="map",
    years=(1958, 1989),
    formats=(1.0, 1.3, 0.78),
    surface=Surface("wove", grain=0.022, vignette=0.04),
    titles=(
        "Sheet 14: | Survey of | Relief of | Provisional map of | Soundings off",
        (
            "Upper Ennor | the Marl Hills | a country remembered | Vessa | the drowned parishes | "
            "Tarn District | no man's upland | Isle of Hay | the Skerries | Ostermark | the inner "
            "shelf | Lorn | Aldermoor"
        ),
    ),
    paint=contours,
)
