"""Fronds laid on blueprint paper and exposed to the sun."""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import around, curve, oval, ribbon, rotated
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["PRIMROSE"]

# Pinna length as a share of the frond's, and the drift at which ferns give way to weed.
FERN, WRACK = 0.19, 0.5


def blueprint(brief: Brief) -> Image.Image:
    """Lay fronds on Prussian blue and expose them to the sun: single ferns first, later whole tide-pools."""
    rng, width, height = brief.rng, brief.width, brief.height
    count = round(brief.between(1, 6))
    bare: Field = np.ones((height, width), dtype=np.float32)
    for number in range(count):
        sheet = Sheet.stencil(width, height)
        x = width * (0.5 if count == 1 else (number + 0.5) / count + rng.normal(0, 0.03))
        _frond(brief, sheet, x, 0.86 - 0.34 * rng.random() * (count > 1))
        image = sheet.finished()
        blur = 0.3 if number == count - 1 else rng.uniform(0.3, 2.2)
        lit = np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float32) / 255
        bare = bare * (1 - lit * (0.95 if blur < 0.8 else 0.62))
    wash = clouds(rng, width, height, 130, 4)
    streaks = clouds(rng, width, height, 8, 2, 20)
    depth = blend(palette("123a6b")[0], palette("0f2c50")[0], brief.drift)
    blue = depth * (1 + 0.16 * wash + 0.06 * streaks)[..., None]
    white = blend(palette("f1f2ec")[0], palette("dceaf0")[0], brief.drift)
    exposed = blue + (1 - bare)[..., None] * (white - blue) * (0.95 + 0.05 * wash)[..., None]
    across, down = brief.grid()
    rim = np.minimum(np.minimum(across, width - across), np.minimum(down, height - down)) - 0.05 * brief.short
    ragged = rim + 5 * clouds(rng, width, height, 30, 3) + 4 * streaks
    return picture(palette("efeade")[0] + np.clip(ragged / 2.5, 0, 1)[..., None] * (exposed - palette("efeade")[0]))


def _frond(brief: Brief, sheet: Sheet, x: float, tall: float) -> None:
    rng, height = brief.rng, brief.height
    bow = rng.normal(0, 0.12)
    foot = 0.94 * height
    sway = np.array([[x, foot], [x + bow * 60, foot - 0.4 * tall * height], [x + bow * 300, foot - tall * height]])
    stem = curve(sway, 120)
    sheet.polygon(ribbon(stem, np.linspace(4.5, 1.2, 120)), 255)
    weedy = brief.drift
    pairs = round(24 - 10 * weedy)
    for number in range(pairs):
        place = 0.14 + 0.85 * number / pairs
        root = stem[int(place * 119)]
        way = np.arctan2(*(stem[min(119, int(place * 119) + 2)] - stem[max(0, int(place * 119) - 2)])[::-1])
        taper = (1 - place) ** 0.7 * min(1, 0.4 + 3 * (place - 0.14))
        length = tall * height * (FERN + 0.05 * weedy) * (1.75 * taper + 0.06)
        for side in (-1, 1):
            _pinna(rng, sheet, root, (way + side * (1.25 - 0.4 * place - 0.35 * weedy), side * length), weedy)


def _pinna(rng: Generator, sheet: Sheet, root: Field, pose: tuple[float, float], weedy: float) -> None:
    angle, signed = pose
    length, side = abs(signed) * rng.uniform(0.9, 1.06), np.sign(signed)
    along = np.linspace(0, 1, 14)
    curl = -side * (0.22 + 0.3 * weedy) * length * along**2
    spine = rotated(np.stack([along * length, curl], axis=1), angle, *root)
    if weedy > WRACK:
        swell = length * 0.085 * np.sin(np.pi * along**0.6) * (1 + 0.3 * np.sin(14 * along + rng.uniform(0, 6)))
        sheet.polygon(ribbon(spine, swell + 1), int(rng.integers(190, 256)))
        return
    sheet.line(spine, 255, 0.9)
    lobes = max(4, round(length / 5))
    share = (np.arange(lobes) + 0.5) / lobes
    at, size = spine[(share * 13).astype(int)], (0.062 * (1 - share) + 0.02) * length
    for lobe in around(oval(1, 0, 1, 0.4, count=10), (angle - 0.95, angle + 0.95)):
        for outline in lobe * size[:, None, None] + at[:, None]:
            sheet.polygon(outline, int(rng.integers(205, 256)))


PRIMROSE = Hand(
    slug="adelaide-primrose-wei",
    artist="Adelaide Primrose-Wei",
    style="Printmaking",
    genre="botanical",
    years=(1880, 1902),
    formats=(0.74, 0.8, 0.68),
    surface=Surface("wove", grain=0.035, vignette=0.04),
    titles=(
        "Specimen of | Impression of | Plate: | British | Exposure with",
        (
            "lady fern | hart's-tongue | male fern | maidenhair | bladderwrack | sea-oak | royal fern "
            "| dulse | polypody | thongweed | buckler fern | sugar kelp | bracken, three minutes"
        ),
    ),
    paint=blueprint,
)
