"""Rose windows with the sun behind them."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import smoothstep
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture

__all__ = ["VITRAL"]

RUBY = palette("b3122b 1c3fa0 e2b23a 4a1670 2f7fc4 d9542b")
GRASS = palette("d0406f 1f7f8f e8d25a 2c4fa0 5fb8a0 f0b04a")


def rose_window(brief: Brief) -> Image.Image:
    """Glaze a wheel of petals, ring outside ring, and hold it to the sun: ruby and cobalt, later rose and teal."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    glass = jitter(rng, blend(RUBY, GRASS, brief.drift), 0.03)
    shades = [jitter(rng, blend(glass, palette("1d2340")[0], 0.45)[[1, 3, 4]], 0.02)]
    x, y = brief.grid()
    radius = np.hypot(x - width / 2, y - height / 2)
    turn = np.arctan2(y - height / 2, x - width / 2) / np.float32(2 * np.pi) + np.float32(0.5)
    petals = int(rng.choice([6, 8])) if brief.between(0, 1) < 0.5 else int(rng.choice([10, 12]))
    rings = round(brief.between(4, 6))
    edges = 0.47 * short * np.concatenate([[0, 0.13], np.linspace(0.3, 1, rings) + rng.normal(0, 0.018, rings)])
    slant, pane = _quarries(brief)
    lead = np.minimum(slant, np.abs(radius - edges[-1]) / 2.2)
    for number, (inner, edge) in enumerate(pairwise(edges)):
        count = petals * min(4, 2 ** (number // 2)) if number else 1
        inside = (radius >= inner) & (radius < edge)
        ring = (radius[inside], turn[inside] * count + 0.5 * (number % 2), float(inner), float(edge))
        place, gap = _glazed(ring, count, lancet=0 < number < rings)
        pane[inside] = sum(map(len, shades)) + place
        lead[inside] = gap
        order = np.arange(2 * count)
        shades.append(jitter(rng, glass[(order % 2 * 3 + number * 2 + (order >= count)) % 6], 0.05))
    seeds = clouds(rng, width, height, 20, 3)
    light = 1.12 - 0.5 * (radius / short) ** 1.5 + 0.16 * seeds + 0.1 * clouds(rng, width, height, 160, 1)
    light = light * (0.78 + 0.22 * smoothstep(1, 9, lead))
    pixels = np.concatenate(shades)[pane] * light[..., None] + 0.1 * np.clip(seeds, 0, 1)[..., None]
    cames = np.clip((lead - 1.3) / 1.1, 0, 1)[..., None]
    return picture(palette("15131a")[0] * (1 - cames) + cames * pixels)


def _glazed(ring: tuple[Field, Field, float, float], count: int, *, lancet: bool) -> tuple[NDArray[np.int64], Field]:
    """Part a ring's pixels into count panes, each with a cap when lancet.

    ring: radii and turns (n,) in panes, inner and outer radius. Returns which pane, and the distance to the leads.
    """
    radius, turn, inner, edge = ring
    lobe = turn % 1
    rim = edge - (edge - inner) * (0.2 - 0.26 * np.sin(np.pi * lobe)) if lancet else np.full_like(radius, edge)
    gap = np.minimum(np.minimum(edge - radius, np.abs(radius - rim)), radius - inner if inner else radius + 9)
    if count > 1:
        gap = np.minimum(gap, np.minimum(lobe, 1 - lobe) / count * 2 * np.pi * radius)
    return turn.astype(int) % count + count * (radius > rim), gap


def _quarries(brief: Brief) -> tuple[Field, NDArray[np.int64]]:
    """Set small panes on the diagonal: each pixel's distance to their leads, and which of three shades it has."""
    x, y = brief.grid()
    cell = brief.short / 11
    rising, falling = (x + y) / cell + 0.5, (x - y) / cell + 50.5
    near = np.minimum(np.minimum(rising % 1, falling % 1), np.minimum(1 - rising % 1, 1 - falling % 1))
    return near * cell / np.sqrt(2), (rising.astype(int) + 2 * falling.astype(int)) % 3


VITRAL = Hand(
    slug="anselm-vitral",
    artist="Anselm Vitral",
    style="Decorative arts",
    genre="pattern",
    years=(1880, 1922),
    formats=(1.0, 0.86, 1.0),
    surface=Surface("wove", grain=0.01, vignette=0.1),
    titles=(
        "Rose for | North window, | Wheel of | Cartoon for | West rose,",
        (
            "St Osyth | the seasons | winter wheat | the guild chapel | the four winds | Ashby | "
            "vespers | the twelve months | the lady aisle | pomegranates | a lighthouse chapel | "
            "morning prayer | the mariners"
        ),
    ),
    paint=rose_window,
)
