"""Glazed tiles: one motif, turned and mirrored along a wall."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import oval, rotated
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, inks, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["SALGADO"]

DELFT = palette("f2efe6 1f4f97 7fa3cf 12306b f2efe6")
LUSTRE = palette("f3ead6 1d6f73 e0a32e b5452c 27346b")


def tiles(brief: Brief) -> Image.Image:
    """Wall a panel with one motif, turned and mirrored; blue on white at first, then the whole kiln."""
    rng = brief.rng
    stops = jitter(rng, blend(DELFT, LUSTRE, brief.drift), 0.012)
    across = round(brief.between(3, 6))
    side = brief.width / across
    down = max(1, round(brief.height / side))
    motif = _motif(brief, side, stops)
    size = motif.size[0]
    wall = Image.new("RGB", (across * size, down * size))
    for row in range(down):
        for column in range(across):
            turn = (row % 2) * 2 + (column % 2 if row % 2 == 0 else 1 - column % 2)
            wall.paste(motif.rotate(-90 * turn), (column * size, row * size))
    image = wall.resize((brief.width, brief.height), Image.Resampling.BOX)
    pixels = np.asarray(image, dtype=np.float32) / 255
    glaze = 1 + 0.045 * rng.standard_normal((down, across, 1)) + 0.02 * rng.standard_normal((down, across, 3))
    rows = np.minimum(np.arange(brief.height) * down // brief.height, down - 1)
    columns = np.minimum(np.arange(brief.width) * across // brief.width, across - 1)
    pixels = pixels * glaze[rows][:, columns] + 0.025 * clouds(rng, brief.width, brief.height, 30, 2)[..., None]
    x, y = brief.grid()
    tall = brief.height / down
    inset = np.minimum(np.minimum(x % side, side - x % side), np.minimum(y % tall, tall - y % tall))
    pixels *= (1 - 0.4 * np.clip(1.6 - inset, 0, 1))[..., None]
    return picture(pixels + 0.07 * np.exp(-((inset - 4) ** 2) / 4)[..., None])


def _motif(brief: Brief, side: float, stops: Field) -> Image.Image:
    """Draw a quarter of a rosette, whose middle is the lower right corner."""
    rng, tones = brief.rng, inks(stops)
    sheet = Sheet.plain(round(side), round(side), stops[0])
    petals = int(rng.integers(2, 5))
    sheet.disc(side, side, side * 0.96, tones[2])
    sheet.disc(side, side, side * 0.88, tones[0])
    for number in range(petals + 1):
        turn = np.pi + np.pi / 2 * number / petals
        reach = side * rng.uniform(0.74, 0.8)
        slim = side * 0.42 / petals
        sheet.polygon(rotated(oval(0.58 * reach, 0, 0.42 * reach, slim), turn, side, side), tones[1])
        sheet.polygon(rotated(oval(0.6 * reach, 0, 0.3 * reach, 0.56 * slim), turn, side, side), tones[3])
        sheet.polygon(rotated(oval(0.62 * reach, 0, 0.14 * reach, 0.22 * slim), turn, side, side), tones[4])
    sheet.disc(side, side, side * 0.3, tones[2])
    sheet.disc(side, side, side * 0.23, tones[3])
    sheet.disc(side, side, side * 0.1, tones[0])
    shape = int(rng.integers(3))
    sheet.disc(0, 0, side * 0.34, tones[1])
    sheet.disc(0, 0, side * 0.26, tones[0])
    if shape == 0:
        sheet.polygon([[0.0, 0.0], [side * 0.26, 0.0], [0.0, side * 0.26]], tones[4])
    sheet.disc(0, 0, side * (0.16, 0.2, 0.1)[shape], tones[3])
    for x, y in ((0.0, 0.56), (0.56, 0.0)):
        sheet.polygon(oval(x * side, y * side, 0.07 * side, 0.07 * side), tones[2])
    return sheet.image


SALGADO = Hand(
    slug="ines-salgado-thorne",
    artist="Inês Salgado-Thorne",
    style="Decorative arts",
    genre="pattern",
    years=(1888, 1924),
    formats=(1.0, 1.33, 0.75),
    surface=Surface("wove", grain=0.012, vignette=0.05, relief=0.08),
    titles=(
        "Tiles for | Panel from | Wall of | Dado for | Azulejos,",
        (
            "the fishmonger | a stairwell | Rua do Século | the dispensary | a dry fountain | the "
            "milk bar | the station at Évora | a kitchen | the cloister | the baths | a balcony | the "
            "seamen's chapel | the pharmacy"
        ),
    ),
    paint=tiles,
)
