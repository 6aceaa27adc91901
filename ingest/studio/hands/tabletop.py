"""Still lifes: bottles, bowls and fruit on a table's edge, in window light from the left."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.noise import clouds
from ingest.studio.palette import blend, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture
from ingest.studio.vessels import SLENDERNESS, Vessel, cast_shadow, draw_fruit, draw_vessel

__all__ = ["MORELL"]

DUSTY = palette("d8cdb8 b7a892 c9b7a6 8d8f86 e6dfd0 a98f7c")
GLAZED = palette("2f5d73 d7a23d b4512f efe6d2 58724f 7a2f3a")
FRUITS = palette("c7622b d9a52e a83a2c 8a9a3c")


def still_life(brief: Brief) -> Image.Image:
    """Range vessels along a table: few and dusty in early years, glazed and among fruit in later ones."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    x, y = brief.grid()
    wall = jitter(rng, blend(palette("cfc6b4")[0], palette("6f7f86")[0], brief.drift), 0.015)
    table = jitter(rng, blend(palette("b9a58a")[0], palette("8a4f35")[0], brief.drift), 0.015)
    brushed = clouds(rng, width, height, 26, 3, 2)[..., None]
    edge = height * rng.uniform(0.58, 0.66) + 2 * clouds(rng, width, 3, 60, 1)[:1]
    light = 1.06 - 0.16 * (x / width) - 0.05 * np.cos(y / height * 3)
    pixels = np.where((y < edge)[..., None], wall, table) * (light[..., None] + 0.055 * brushed)
    pixels *= 1 - 0.12 * np.exp(-np.abs(y - edge) / 5)[..., None]
    for vessel in _vessels(brief, short, float(edge.mean())):
        cast_shadow(pixels, vessel, (x, y))
        draw_vessel(pixels, vessel, 0.5 * brushed[..., 0], (x, y))
    for _ in range(round(brief.between(0, 6))):
        radius = short * rng.uniform(0.042, 0.062)
        at = (width * rng.uniform(0.14, 0.86), height * rng.uniform(0.78, 0.9))
        fruit = Vessel(at[0], at[1], radius, 2 * radius, -1, jitter(rng, FRUITS[int(rng.integers(4))], 0.03))
        cast_shadow(pixels, fruit, (x, y))
        draw_fruit(pixels, fruit, (x, y))
    return picture(pixels)


def _vessels(brief: Brief, short: float, edge: float) -> list[Vessel]:
    rng = brief.rng
    count = round(brief.between(3.4, 6.4))
    colours = jitter(rng, blend(DUSTY, GLAZED, brief.drift), 0.03)[rng.permutation(6)]
    kinds = rng.permutation([0, 1, 2, 3, 4, 0, 1])
    places = np.linspace(0.22, 0.78, count) + rng.normal(0, 0.02, count)
    vessels = []
    for number in range(count):
        kind = int(kinds[number])
        half = short * (0.15 if kind == 3 else rng.uniform(0.055, 0.1)) * (1.15 - 0.03 * count)
        tall = half * 2 * SLENDERNESS[kind] * rng.uniform(0.85, 1.1)
        foot = edge + brief.height * rng.uniform(0.04, 0.17)
        vessels.append(
            Vessel(places[number] * brief.width, foot, half, min(tall, 0.85 * foot), kind, colours[number % 6])
        )
    return sorted(vessels, key=lambda vessel: vessel.foot)


MORELL = Hand(
    slug="giacinta-morell",
    artist="Giacinta Morell",
    style="Tonal realism",
    genre="still life",
    years=(1919, 1957),
    formats=(1.25, 1.1, 1.35),
    surface=Surface("canvas", grain=0.04, vignette=0.1, relief=0.08),
    titles=(
        "Still life with | Table with | Vessels and | Morning, | Shelf with",
        (
            "a white jug | the blue bottle | oranges | four things | the chipped bowl | dust | the "
            "oil flask | quinces | the tall flask | grey light | borrowed china | bread money | the "
            "green carafe"
        ),
    ),
    paint=still_life,
)
