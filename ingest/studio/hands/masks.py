"""Masks: faces of plain shapes, half in light and half in shade."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, oval, ribbon
from ingest.studio.palette import Field, blend, ink, inks, jitter, palette
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["ABARA"]

OCHRES = palette("d9b98a b5793f 6e3b22 231a17 e9dcc0 8a8f7a")
BRIGHTS = palette("f0b429 e2563a 2c3e8f 1b1b2f f6e7d2 2f9c95")


def masks(brief: Brief) -> Image.Image:
    """Build a face of planes: half light, half dark; ochre and solemn first, bright and odd later."""
    rng, width, height = brief.rng, brief.width, brief.height
    stops = jitter(rng, blend(OCHRES, BRIGHTS, brief.drift), 0.02)
    tones = inks(stops)
    sheet = Sheet.plain(width, height, stops[5])
    sheet.box(0, 0, width * rng.uniform(0.35, 0.65), height, ink(stops[5] * 0.86))
    x, y = width * 0.5, height * 0.46
    wide = width * rng.uniform(0.25, 0.33)
    tall = height * rng.uniform(0.31, 0.36)
    sheet.polygon(
        [
            [x - 0.4 * wide, y + 0.6 * tall],
            [x + 0.4 * wide, y + 0.6 * tall],
            [x + 0.46 * wide, height],
            [x - 0.46 * wide, height],
        ],
        ink(stops[1] * 0.8),
    )
    robe = curve(
        [
            [-10, height * 1.05],
            [0.1 * width, 0.9 * height],
            [x, 0.83 * height],
            [0.9 * width, 0.9 * height],
            [width + 10, height * 1.05],
        ],
        60,
    )
    sheet.polygon(robe, tones[2])
    jaw = brief.between(0.78, 0.55)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    reach = np.where(np.sin(turn) > 0, 1 - (1 - jaw) * np.sin(turn) ** 2, 1)
    head = np.stack([x + wide * reach * np.cos(turn), y + tall * np.sin(turn)], axis=1)
    _hair(brief, sheet, (x, y, wide, tall), stops)
    lit = 1 if rng.random() < 0.5 else 0
    sheet.polygon(head, tones[1 - lit])
    sheet.polygon(head[(head[:, 0] >= x)], tones[lit])
    _features(brief, sheet, (x, y, wide, tall), stops)
    return sheet.finished()


def _hair(brief: Brief, sheet: Sheet, place: tuple[float, float, float, float], stops: Field) -> None:
    rng, (x, y, wide, tall) = brief.rng, place
    tone = ink(stops[(3, 3, 2, 4)[int(rng.integers(4))]] * 0.92)
    match int(rng.integers(5)):
        case 0:
            sheet.polygon(oval(x, y - 0.14 * tall, wide * 1.16, tall * 1.02), tone)
        case 1:
            bob = [
                [x - 1.2 * wide, y + 0.62 * tall],
                [x - 1.25 * wide, y - 0.5 * tall],
                [x, y - 1.22 * tall],
                [x + 1.25 * wide, y - 0.5 * tall],
                [x + 1.2 * wide, y + 0.62 * tall],
            ]
            sheet.polygon(curve(bob, 60), tone)
        case 2:
            sheet.disc(x, y - 1.12 * tall, 0.42 * wide, tone)
            sheet.polygon(oval(x, y - 0.2 * tall, wide * 1.1, tall * 0.95), tone)
        case 3:
            for turn in np.linspace(np.pi * 0.95, np.pi * 2.05, 13):
                across, down = 1.02 * wide * np.cos(turn), tall * (0.98 * np.sin(turn) - 0.1)
                sheet.disc(x + across, y + down, 0.27 * wide, tone)
        case _:
            hat = [
                [x - 1.05 * wide, y - 0.55 * tall],
                [x - 0.8 * wide, y - 1.38 * tall],
                [x + 0.8 * wide, y - 1.38 * tall],
                [x + 1.05 * wide, y - 0.55 * tall],
            ]
            sheet.polygon(hat, tone)


def _features(brief: Brief, sheet: Sheet, place: tuple[float, float, float, float], stops: Field) -> None:
    rng, (x, y, wide, tall) = brief.rng, place
    tones = inks(stops)
    brow = y - tall * rng.uniform(0.2, 0.3)
    for side in (-1, 1):
        eye_x, eye_y = x + side * 0.45 * wide, brow + 0.2 * tall
        across, down = wide * rng.uniform(0.22, 0.28), tall * brief.between(0.055, 0.11)
        lids = np.linspace(0, np.pi, 20)
        almond = np.concatenate(
            [
                np.stack([eye_x - across * np.cos(lids), eye_y - down * np.sin(lids)], axis=1),
                np.stack([eye_x + across * np.cos(lids), eye_y + down * np.sin(lids)], axis=1),
            ]
        )
        sheet.polygon(almond, tones[4])
        sheet.disc(eye_x, eye_y, 0.92 * down, tones[3])
        sheet.disc(eye_x + 0.3 * down, eye_y - 0.3 * down, 0.25 * down, tones[4])
        arch = curve(
            [
                [eye_x - 1.25 * across, eye_y - 1.1 * down],
                [eye_x, eye_y - 2.6 * down],
                [eye_x + 1.25 * across, eye_y - 1.1 * down],
            ],
            30,
        )
        sheet.polygon(ribbon(arch, 0.07 * wide * np.sin(np.linspace(0.25, 2.9, 30))), tones[3])
    tip = y + 0.3 * tall
    nose = wide * rng.uniform(0.14, 0.2)
    sheet.polygon([[x, brow], [x + nose, tip], [x, tip + 0.03 * tall]], ink(stops[2]))
    sheet.polygon([[x, brow], [x - nose, tip], [x, tip + 0.03 * tall]], ink(blend(stops[0], stops[4], 0.5)))
    mouth = wide * rng.uniform(0.26, 0.36)
    upper = curve(
        [
            [x - mouth, y + 0.52 * tall],
            [x - 0.3 * mouth, y + 0.475 * tall],
            [x, y + 0.5 * tall],
            [x + 0.3 * mouth, y + 0.475 * tall],
            [x + mouth, y + 0.52 * tall],
        ],
        30,
    )
    lower = curve([[x + mouth, y + 0.52 * tall], [x, y + 0.6 * tall], [x - mouth, y + 0.52 * tall]], 30)
    sheet.polygon(np.concatenate([upper, lower]), ink(blend(stops[1], palette("8f1f24")[0], 0.75)))
    sheet.line([[x - mouth, y + 0.52 * tall], [x + mouth, y + 0.52 * tall]], tones[3], 1.3)
    for number in range(round(brief.between(0, 5))):
        for side in (-1, 1):
            spot = y + (0.3 + 0.1 * number) * tall
            sheet.disc(x + side * wide * (0.62 - 0.05 * number), spot, 0.03 * wide, tones[4 if side > 0 else 2])


ABARA = Hand(
    slug="teodor-abara",
    artist="Teodor Abara",
    style="Cubism",
    genre="portrait",
    years=(1907, 1934),
    formats=(0.78, 0.84, 0.72),
    surface=Surface("canvas", grain=0.045, vignette=0.1, relief=0.04),
    titles=(
        "Mask of | Head of | Portrait of | Study for | Face:",
        (
            "the baker | a listener | Ines | the harbour pilot | a juggler | the widow Marsh | my "
            "brother | a stranger | the actor | Sunday | the astronomer | someone waiting | the twin"
        ),
    ),
    paint=masks,
)
