"""Waves printed from indigo blocks."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import ribbon, tremble
from ingest.studio.palette import Field, Ink, blend, ink, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["FUJIMORI"]

CALM = palette("f1e6cd e8c9a0 a9c4c4 5f8fa8 2b5a86 17305c")
STORM = palette("ece4d2 cbc3b4 8fb0ae 4a7f86 215061 10283a")


def waves(brief: Brief) -> Image.Image:
    """Print rank upon rank of waves under a graded sky: a ripple at first, a mountain of water at last."""
    rng, width, height = brief.rng, brief.width, brief.height
    stops = blend(CALM, STORM, brief.drift)
    horizon = brief.between(0.44, 0.3) * height
    _, y = brief.grid()
    grade = np.clip(1.15 * np.abs(y / horizon - 0.55) - 0.25, 0, 1) * 0.55
    sky = np.where((y < 0.4 * horizon)[..., None], ramp(stops[[0, 3]], grade), ramp(stops[[0, 1]], grade * 1.4))
    sheet = Sheet.over(np.broadcast_to(sky, (height, width, 3)))
    sun = blend(palette("d24b32")[0], palette("e9ddc4")[0], brief.drift)
    sheet.disc(width * rng.uniform(0.2, 0.8), horizon * rng.uniform(0.4, 0.72), brief.short * 0.075, ink(sun))
    count = 7
    swell = brief.between(0.045, 0.2)
    for number in range(count):
        near = (number + 1) / count
        base = horizon + (height - horizon) * (near**1.25 * 1.02 - 0.02)
        rise = swell * height * (0.25 + 0.75 * near) * (0.6 if number == count - 1 else 1)
        colour = ink(ramp(stops[2:], 0.15 + 0.85 * near))
        _rank(brief, sheet, (base, rise, width * (0.2 + 0.34 * near)), (colour, ink(stops[0])))
    return tremble(sheet.image, rng, 1.3, 7).reduce(2)


def _rank(brief: Brief, sheet: Sheet, shape: tuple[float, float, float], tones: tuple[Ink, Ink]) -> None:
    rng, width, height = brief.rng, brief.width, brief.height
    base, rise, span = shape
    turn = np.linspace(-0.3, 1.3, 260) * width / span * 2 * np.pi + rng.uniform(0, 2 * np.pi)
    uneven = 0.75 + 0.35 * np.sin(turn * 0.37 + rng.uniform(0, 6))
    # A trochoid leans over at its crest as a breaking wave does.
    lean = np.clip(rise / span * 4.2, 0.3, 1.25) * span / 6.3
    crest_x = np.linspace(-0.3, 1.3, 260) * width + lean * np.sin(turn) * uneven + 0.5 * lean * np.cos(turn) * uneven
    crest_y = base - rise * (0.5 + 0.5 * np.cos(turn)) * uneven
    crest = np.stack([crest_x, crest_y], axis=1)
    sheet.polygon(np.concatenate([crest, [[1.4 * width, height * 1.2], [-0.4 * width, height * 1.2]]]), tones[0])
    for line in range(1, 6):
        depth = 0.034 * line * brief.short * (0.4 + rise / height * 4.5)
        sunk = crest + np.stack([0.25 * depth * np.ones(260), depth + 0.1 * depth * np.cos(turn)], axis=1)
        carved = np.clip(0.3 + np.cos(turn + 0.25 * line), 0, 1) * (2.5 - 0.32 * line) * (0.5 + rise / height * 5)
        _carve(sheet, sunk, carved, tones[1])
    lip = np.clip(np.cos(turn) * 0.5 + 0.5, 0, 1) ** 1.4 * rise * 0.13 + 0.8
    sheet.polygon(ribbon(crest, lip), tones[1])
    high = np.flatnonzero(np.cos(turn) > 0.25)
    for place in high[::2]:
        size = lip[place] * rng.uniform(0.35, 0.75)
        x, y = crest[place] + rng.normal(0, 0.35, 2) * lip[place] + (0, 0.35 * lip[place])
        sheet.disc(x, y, size, tones[1])
        if rng.random() < 0.25:
            x, y = crest[place] + (rng.normal(0, 1.4, 2) - (0, 1.6)) * lip[place]
            sheet.disc(x, y, 0.9, tones[1])


def _carve(sheet: Sheet, path: Field, widths: Field, tone: Ink) -> None:
    shown = widths > 0.35
    starts = np.flatnonzero(np.diff(np.concatenate([[0], shown.astype(int), [0]])))
    for first, last in zip(starts[::2], starts[1::2], strict=True):
        if last - first > 3:
            sheet.polygon(ribbon(path[first:last], widths[first:last]), tone)


FUJIMORI = Hand(
    slug="fujimori-ansel",
    artist="Fujimori Ansel",
    style="Printmaking",
    genre="seascape",
    years=(1882, 1912),
    formats=(1.42, 1.35, 0.72),
    surface=Surface("washi", grain=0.035, vignette=0.05),
    titles=(
        "The sea at | Breakers off | Swell near | Squall over | Waves before",
        (
            "Kujukuri | the lighthouse | Cape Muroto | the ferry landing | Izu | Sado | the salt pans "
            "| the old pier | Oarai | Hoshina | the fishing fleet | Enoshima | the seventh strait"
        ),
    ),
    paint=waves,
)
