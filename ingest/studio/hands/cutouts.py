"""Shapes cut from painted paper and pinned over blocks of colour."""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import blob, curve, ribbon
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, ink, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["FERRAND"]

SHORE = palette("f3ece0 1f4fa3 f0a830 e2583e 2f8f6b f3ece0")
LAGOON = palette("f5efe4 12285e ee7fa0 2fa6a0 f2c94c 8f3f8a")


def cut_outs(brief: Brief) -> Image.Image:
    """Cut weeds, leaves and stars from painted sheets and pin them over blocks of colour."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = jitter(rng, blend(SHORE, LAGOON, brief.drift), 0.012)
    across = round(brief.between(1.6, 3.4))
    down = max(1, round(across * height / width))
    pixels = np.broadcast_to(stops[0], (height, width, 3)).copy()
    gouache = clouds(rng, width, height, 22, 3, 2.5)
    margin = 0.035 * short
    cell = np.array([(width - 2 * margin) / across, (height - 2 * margin) / down])
    backings = Sheet.stencil(width, height), Sheet.plain(width, height, stops[0])
    cuttings = Sheet.stencil(width, height), Sheet.plain(width, height, stops[0])
    for place, first in enumerate(rng.permutation(across * down).tolist()):
        corner = margin + cell * (place % across, place // across)
        uneven = rng.normal(0, 0.006, (4, 2)) * short
        sides = corner + cell * [[0.015, 0.015], [0.985, 0.015], [0.985, 0.985], [0.015, 0.985]] + uneven
        second = (1 + first % 5 + int(rng.integers(1, 5))) % 6
        backings[0].polygon(sides, 255)
        (left, top), (right, bottom) = corner, corner + cell
        backings[1].box(left, top, right, bottom, ink(stops[1 + first % 5]))
        cuttings[1].box(left, top, right, bottom, ink(stops[second]))
        _shape(rng, cuttings[0], corner + cell / 2, 0.4 * cell, int(rng.integers(4)))
    for mask, paint in (backings, cuttings):
        _paste(pixels, mask, paint.field() * (1 + 0.05 * gouache)[..., None])
    return picture(pixels)


def _paste(pixels: Field, cutting: Sheet, painted: Field) -> None:
    """Lay cut paper, (height, width, 3), with the thin shadow of its thickness."""
    mask = cutting.field()
    shadow = np.asarray(cutting.finished().filter(ImageFilter.BoxBlur(2)), dtype=np.float32) / 255
    pixels[3:, 2:] *= (1 - 0.28 * shadow[:-3, :-2] * (1 - mask[3:, 2:]))[..., None]
    pixels += mask[..., None] * (painted - pixels)


def _shape(rng: Generator, sheet: Sheet, middle: Field, reach: Field, kind: int) -> None:
    if kind == 0:
        _weed(rng, sheet, middle, reach)
    elif kind == 1:
        points = int(rng.integers(5, 9))
        turn = np.linspace(0, 2 * np.pi, 2 * points, endpoint=False) + rng.uniform(0, 2)
        far = np.where(np.arange(2 * points) % 2, 0.42, 1) * rng.uniform(0.85, 1.1, 2 * points)
        sheet.polygon(middle + reach * np.stack([np.cos(turn) * far, np.sin(turn) * far], axis=1), 255)
    elif kind == 2:
        turn = np.linspace(0, 2 * np.pi, 160, endpoint=False)
        lobes = int(rng.integers(4, 7))
        far = 0.62 + 0.36 * np.abs(np.cos(lobes * turn / 2 + rng.uniform(0, 3))) ** 0.7
        sheet.polygon(middle + reach * np.stack([np.cos(turn) * far, np.sin(turn) * far], axis=1), 255)
    else:
        sheet.polygon((blob(rng, 0, 0, 0.62, 0.7)) * reach * 1.15 + middle, 255)
        sheet.polygon(blob(rng, 0, 0, 0.24, 0.5) * reach + middle, 0)


def _weed(rng: Generator, sheet: Sheet, middle: Field, reach: Field) -> None:
    bow = rng.uniform(-0.35, 0.35)
    spine = curve(np.array([[bow, 1.0], [-bow, 0.35], [bow, -0.35], [-bow, -1.0]]) * reach + middle, 80)
    size = float(reach.min())
    sheet.polygon(ribbon(spine, np.linspace(0.2, 0.13, 80) * size), 255)
    x, y = spine[-1]
    sheet.disc(x, y, 0.09 * size, 255)
    fronds = int(rng.integers(5, 8))
    for number in range(fronds):
        root = spine[int(6 + 68 * number / fronds)]
        for side in (-1, 1):
            length = (0.85 - 0.055 * number) * float(reach[0]) * rng.uniform(0.8, 1.05)
            finger = (
                curve([[0.0, 0.0], [0.55 * length, -0.06 * length], [length, -0.42 * length]], 24) * (side, 1) + root
            )
            sheet.polygon(ribbon(finger, np.linspace(0.14, 0.2, 24) * size), 255)
            x, y = finger[-1]
            sheet.disc(x, y, 0.1 * size, 255)


FERRAND = Hand(
    slug="solange-ferrand",
    artist="Solange Ferrand",
    style="Decorative arts",
    genre="abstract",
    years=(1944, 1969),
    formats=(0.8, 1.25, 1.0),
    surface=Surface("wove", grain=0.02, vignette=0.03),
    titles=(
        "Cut paper: | Scissors and | Album of | Garden of | Window with",
        (
            "lagoon | weeds | coral | summers | white algae | the parakeet | stars and leaves | the "
            "diver | a blue room | holidays | the fig | tides and scissors | pinned things"
        ),
    ),
    paint=cut_outs,
)
