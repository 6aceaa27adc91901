"""Round things on a table: turned pots and fruit, lit from the left. Knows no composition."""

from dataclasses import dataclass

import numpy as np

from ingest.studio.brush import curve
from ingest.studio.palette import Field

__all__ = ["SLENDERNESS", "Vessel", "cast_shadow", "draw_fruit", "draw_vessel"]

# Half-widths at even heights from lip to foot, as shares of the vessel's own width.
PROFILES = (
    (0.30, 0.26, 0.24, 0.25, 0.30, 0.66, 0.92, 1.0, 1.0, 1.0, 0.98, 0.9),
    (0.46, 0.36, 0.34, 0.44, 0.74, 0.96, 1.0, 0.96, 0.84, 0.7, 0.6, 0.62),
    (0.9, 0.92, 0.94, 0.96, 0.98, 1.0, 1.0, 0.98, 0.96, 0.94, 0.92, 0.9),
    (1.0, 0.98, 0.95, 0.9, 0.84, 0.76, 0.66, 0.54, 0.42, 0.36, 0.4, 0.46),
    (0.26, 0.22, 0.22, 0.22, 0.22, 0.24, 0.3, 0.52, 0.8, 0.98, 1.0, 0.92),
)
SLENDERNESS = (2.9, 1.7, 1.5, 0.62, 3.1)


@dataclass(frozen=True, slots=True)
class Vessel:
    """Where a vessel stands: its middle and foot in pixels, its half-width and height, and its make."""

    x: float
    foot: float
    half: float
    tall: float
    kind: int
    colour: Field


def _patch(pixels: Field, box: tuple[float, float, float, float]) -> tuple[slice, slice]:
    height, width = pixels.shape[:2]
    left, top, right, bottom = box
    rows = slice(max(0, int(top)), min(height, int(bottom) + 1))
    return rows, slice(max(0, int(left)), min(width, int(right) + 1))


def cast_shadow(pixels: Field, vessel: Vessel, grid: tuple[Field, Field]) -> None:
    """Darken the table to the right of a vessel's foot; grid as Brief.grid gives it."""
    long = 2.4 * vessel.half
    part = _patch(
        pixels,
        (
            vessel.x - 1.6 * vessel.half,
            vessel.foot - 0.7 * vessel.half,
            vessel.x + 2.6 * long,
            vessel.foot + 0.8 * vessel.half,
        ),
    )
    x, y = grid
    across = (x[:, part[1]] - vessel.x - 0.75 * long) / (1.25 * long)
    down = (y[part[0]] - vessel.foot + 0.02 * vessel.half) / (0.34 * vessel.half)
    soft = np.exp(-((across**2 + down**2) ** 1.3))
    pixels[part] *= (1 - 0.42 * soft)[..., None]


def draw_vessel(pixels: Field, vessel: Vessel, brushed: Field, grid: tuple[Field, Field]) -> None:
    """Turn a vessel on pixels (height, width, 3), its glaze as uneven as brushed (height, width)."""
    profile = np.array(PROFILES[vessel.kind])
    knots = np.stack([np.linspace(0, 1, 12), profile], axis=1)
    smooth = curve(knots, 120)
    lip = 0.16 * vessel.half * profile[0]
    base = 0.2 * vessel.half
    top = vessel.foot - vessel.tall
    part = _patch(
        pixels, (vessel.x - vessel.half - 2, top - 3 * lip - 2, vessel.x + vessel.half + 2, vessel.foot + base + 2)
    )
    away = (grid[0][:, part[1]] - vessel.x) / vessel.half
    # Horizontal sections of a turned vessel look like ellipses: bend the rows downward at the middle.
    bend = base * np.sqrt(np.clip(1 - away**2, 0, 1))
    rise = (grid[1][part[0]] - bend * np.clip((grid[1][part[0]] - top) / vessel.tall, 0, 1) - top) / vessel.tall
    reach = np.interp(rise, smooth[:, 0], smooth[:, 1])
    inside = np.clip((reach - np.abs(away)) * vessel.half + 0.5, 0, 1) * ((rise >= 0) & (rise <= 1))
    turn = np.clip(away / np.maximum(reach, 0.05), -1, 1)
    light = 0.62 + 0.5 * np.sqrt(np.clip(1 - (turn + 0.35) ** 2 / 1.85, 0, 1)) - 0.2 * np.clip(turn, 0, 1) ** 2
    shaded = vessel.colour * (light + 0.05 * brushed[part])[..., None]
    gleam = np.exp(-(((turn + 0.5) / 0.12) ** 2) - ((rise - 0.5) / 0.32) ** 2) * 0.28
    shaded += gleam[..., None] * (1 - shaded)
    pixels[part] += inside[..., None] * (shaded - pixels[part])
    mouth = (away / profile[0]) ** 2 + ((grid[1][part[0]] - top) / max(lip, 1.2)) ** 2
    rim = np.clip((1.12 - mouth) * 4, 0, 1)
    hollow = np.clip((0.8 - mouth) * 4, 0, 1)
    pixels[part] += rim[..., None] * (np.clip(vessel.colour * 1.08, 0, 1) - pixels[part])
    pixels[part] += hollow[..., None] * (vessel.colour * 0.42 - pixels[part])


def draw_fruit(pixels: Field, fruit: Vessel, grid: tuple[Field, Field]) -> None:
    """Round a fruit, with its gleam and its stem."""
    middle = fruit.foot - 0.86 * fruit.half
    part = _patch(
        pixels, (fruit.x - fruit.half - 2, middle - fruit.half - 8, fruit.x + fruit.half + 2, middle + fruit.half + 2)
    )
    across, down = (grid[0][:, part[1]] - fruit.x) / fruit.half, (grid[1][part[0]] - middle) / fruit.half
    distance = np.hypot(across, down * 1.06)
    inside = np.clip((1 - distance) * fruit.half + 0.5, 0, 1)
    light = 1.12 - 0.5 * np.clip(np.hypot(across + 0.35, down + 0.4), 0, 1.5) ** 1.5
    gleam = np.exp(-(((across + 0.38) ** 2 + (down + 0.42) ** 2) / 0.035)) * 0.45
    shaded = fruit.colour * light[..., None]
    shaded += gleam[..., None] * (1 - shaded)
    pixels[part] += inside[..., None] * (shaded - pixels[part])
    stem = np.clip(1.2 - np.abs(across * fruit.half - 2 * down), 0, 1) * (down > -1.25) * (down < -0.72)
    pixels[part] *= (1 - 0.75 * stem)[..., None]
