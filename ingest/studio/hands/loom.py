"""Woven blocks and stripes, thread over thread."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.noise import clouds
from ingest.studio.palette import blend, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import picture

__all__ = ["LINDQVIST"]

UNDYED = palette("e6dac2 b79a72 5a4634 d9c4a0 2b2622 9a4f32")
DYED = palette("f0e4cc d2472f 1f4a7a e7a83a 2a2433 3f8f86")
PITCH = 3.0


def weave(brief: Brief) -> Image.Image:
    """Cross a striped warp with a striped weft, block by block; wool and hemp first, then strong dyes."""
    rng, width, height = brief.rng, brief.width, brief.height
    stops = jitter(rng, blend(UNDYED, DYED, brief.drift), 0.015)
    across, down = int(width / PITCH) + 1, int(height / PITCH) + 1
    block = max(5, round(brief.between(26, 11)))
    columns, rows = -(-across // block), -(-down // block)
    plan = _plan(rng, rows, columns)
    cells = np.repeat(np.repeat(plan, block, axis=0), block, axis=1)[:down, :across]
    threads_x, threads_y = _stripes(rng, across, block), _stripes(rng, down, block)
    u, v = np.meshgrid(np.arange(across), np.arange(down))
    # Plain weave, twill and stripes of float: which thread lies above at each crossing.
    above = np.choose(cells % 3, [(u + v) % 2 == 0, (u + v) % 4 < 2, (v // 2) % 2 == 0])
    base = stops[(cells * 5 + 2) % 6]
    warp, weft = stops[threads_x][None, :, :], stops[threads_y][:, None, :]
    chosen = np.where(above[..., None], 0.62 * warp + 0.38 * base, 0.4 * weft + 0.6 * base)
    chosen = jitter(rng, chosen.astype(np.float32), 0.03, tint=0.25)
    sway = 0.8 * clouds(rng, width, height, 70, 2)
    x, y = brief.grid()
    place_x, place_y = np.clip((x + sway) / PITCH, 0, across - 1.01), np.clip((y + 0.8 * sway) / PITCH, 0, down - 1.01)
    column, row = place_x.astype(int), place_y.astype(int)
    over = above[row, column]
    rounding = np.where(over, np.sin(np.pi * (place_x % 1)), np.sin(np.pi * (place_y % 1)))
    dip = np.where(over, np.sin(np.pi * (place_y % 1)), np.sin(np.pi * (place_x % 1)))
    light = 0.72 + 0.3 * rounding + 0.08 * dip
    return picture(chosen[row, column] * light[..., None])


def _plan(rng: Generator, rows: int, columns: int) -> NDArray[np.int64]:
    """Lay out blocks in a figure that mirrors about the middle, as a weaver counts it."""
    half = rng.integers(0, 6, (rows, -(-columns // 2)))
    half[rng.random(half.shape) < 0.4] = int(rng.integers(6))
    if rng.random() < 0.5:
        half = np.sort(half, axis=int(rng.integers(2)))
    mirrored = np.concatenate([half, half[:, ::-1][:, columns % 2 :]], axis=1)
    return mirrored[:, :columns]


def _stripes(rng: Generator, count: int, block: int) -> NDArray[np.int64]:
    widths = rng.choice([1, 2, 3, block // 2, block], 2 * count)
    return np.repeat(rng.integers(0, 6, 2 * count), widths)[:count]


LINDQVIST = Hand(
    slug="greta-lindqvist-osei",
    artist="Greta Lindqvist-Osei",
    style="Decorative arts",
    genre="pattern",
    years=(1926, 1965),
    formats=(0.76, 1.0, 0.68, 1.3),
    surface=Surface("linen", grain=0.03, vignette=0.05),
    titles=(
        "Wall hanging, | Study: | Blanket, | Double weave: | Sample,",
        (
            "black, white and wheat | six shuttles | a child's bed | the ferry | Kumasi | hemp | the "
            "meeting house | red over blue | a winter | two looms | the archive | cochineal | tides"
        ),
    ),
    paint=weave,
)
