"""A guitar and its table seen from many sides at once."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import curve, oval, rotated
from ingest.studio.palette import Field, blend, ink, inks, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet

__all__ = ["MARQUAND"]

BROWNS = palette("2a241e 6b5640 a48a64 d9c7a0 8b8a7c")
HARLEQUIN = palette("1f2436 2f6f82 d98a3a f0dfb8 a83c3a")


def facets(brief: Brief) -> Image.Image:
    """Break a guitar, a bottle and their table into planes that shade away; umber first, harlequin later."""
    rng, width, height, short = brief.rng, brief.width, brief.height, brief.short
    stops = blend(BROWNS, HARLEQUIN, brief.drift)
    sheet = Sheet.plain(width, height, stops[2])
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=float)
    planes = [whole]
    main = np.radians(rng.uniform(20, 70))
    while len(planes) < round(brief.between(64, 34)):
        areas = [_area(plane) for plane in planes]
        plane = planes.pop(int(np.argmax(areas)) if rng.random() < 0.75 else int(rng.integers(len(planes))))
        angle = rng.choice([main, main + np.pi / 2, 0, np.pi / 2, main * 0.5]) + rng.normal(0, 0.12)
        normal = np.array([np.cos(angle), np.sin(angle)])
        through = plane.mean(axis=0) + rng.normal(0, 0.08, 2) * short
        halves = [_clip(plane, normal, through @ normal), _clip(plane, -normal, -(through @ normal))]
        planes += [half for half in halves if len(half) > 2 and _area(half) > 12]
    for plane in planes:
        away = np.hypot(*((plane.mean(axis=0) - (width / 2, height / 2)) / (width, height)).T)
        tone = np.clip(rng.normal(0.56 - 0.35 * away, 0.27), 0, 1)
        _shade(brief, sheet, plane, ramp(stops, tone), stops)
    _guitar(brief, sheet, main, stops)
    return sheet.finished()


def _area(plane: Field) -> float:
    x, y = plane.T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)


def _clip(plane: Field, normal: Field, offset: float) -> Field:
    """Keep the part of a convex polygon whose points have point @ normal >= offset."""
    kept: list[Field] = []
    heights = (plane @ normal - offset).tolist()
    for here, there, high, next_high in zip(
        plane, np.roll(plane, -1, axis=0), heights, np.roll(heights, -1).tolist(), strict=True
    ):
        if high >= 0:
            kept.append(here)
        if high * next_high < 0:
            kept.append(here + (there - here) * high / (high - next_high))
    return np.array(kept)


def _shade(brief: Brief, sheet: Sheet, plane: Field, colour: Field, stops: Field) -> None:
    rng = brief.rng
    angle = rng.uniform(0, 2 * np.pi)
    normal = np.array([np.cos(angle), np.sin(angle)])
    heights = plane @ normal
    low, span = heights.min(), max(1.0, float(np.ptp(heights)))
    other = blend(colour, stops[3] if rng.random() < 0.6 else stops[0], rng.uniform(0.3, 0.6))
    bands = 9
    for band, tone in enumerate(inks(ramp(np.stack([other, colour]), np.linspace(0, 1, bands)))):
        part = _clip(plane, normal, low + span * band / bands) if band else plane
        if len(part) > 2:
            sheet.polygon(part, tone)
    if rng.random() < 0.3:
        sheet.line(np.concatenate([plane, plane[:1]]), ink(stops[0]), 0.8)


def _guitar(brief: Brief, sheet: Sheet, main: float, stops: Field) -> None:
    rng, short = brief.rng, brief.short
    middle = np.array([brief.width, brief.height]) * rng.uniform(0.44, 0.56, 2)
    lean = main - np.pi / 2 + rng.normal(0, 0.1)
    dark, pale = ink(stops[0]), ink(stops[3])
    body = curve([[0, -0.02], [0.17, 0.03], [0.11, 0.14], [0.2, 0.28], [0, 0.38]], 60)
    sheet.line(rotated(body * short, lean, *middle), dark, 0.008 * short)
    other = rotated(body * (-0.85, 0.95) * short, lean + 0.12, *middle)
    sheet.line(other, pale, 0.006 * short)
    hole = rotated(oval(0.01 * short, 0.13 * short, 0.062 * short, 0.062 * short), lean, *middle)
    half = len(hole) // 2
    sheet.polygon(hole, ink(stops[0]))
    sheet.polygon(hole[half:], ink(stops[1]))
    for string in np.linspace(-0.022, 0.022, 5):
        sheet.line(rotated(np.array([[string, -0.36], [string * 1.4, 0.26]]) * short, lean, *middle), pale, 0.8)
    neck = rotated(np.array([[-0.034, -0.38], [0.034, -0.38], [0.036, -0.05], [-0.036, -0.05]]) * short, lean, *middle)
    sheet.line(np.concatenate([neck, neck[:1]]), dark, 0.006 * short)


MARQUAND = Hand(
    slug="anton-marquand",
    artist="Anton Marquand",
    style="Cubism",
    genre="still life",
    years=(1909, 1927),
    formats=(0.78, 0.84, 1.2),
    surface=Surface("canvas", grain=0.045, vignette=0.1, relief=0.1),
    titles=(
        "Guitar and | Table with | Composition with | Fragments of | Guitar,",
        (
            "glass | newspaper | Café Lux | pipe | evening | sheet music | Céret pears | bottle | a "
            "harlequin | the waltz | a letter | siphon | the red chair"
        ),
    ),
    paint=facets,
)
