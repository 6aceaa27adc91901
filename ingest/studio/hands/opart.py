"""Patterns that unsettle the eye: lines that swell and lattices that bulge."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.palette import blend, ink, inks, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["KOVACS", "TANABE"]


def lines(brief: Brief) -> Image.Image:
    """Bend even stripes until they seem to move: near straight in black, later deep folds in two colours."""
    rng, width, height = brief.rng, brief.width, brief.height
    x, y = brief.grid()
    u, v = x / brief.short, y / brief.short
    depth = brief.between(0.5, 1.6)
    sway = sum(
        rng.uniform(0.5, 1) / wave * np.sin(2 * np.pi * (wave * rng.uniform(0.5, 0.9) * v + rng.random()) + 1.5 * u)
        for wave in (1, 2)
    )
    swell = rng.uniform(0.5, 1.0) * np.exp(-(((u - rng.uniform(0.3, 0.8)) / 0.3) ** 2))
    phase = brief.between(20, 30) * u + depth * (1.5 * sway * (0.5 + swell) + 2.0 * np.sin(2.2 * v + 3 * u))
    steep = np.hypot(*np.gradient(phase))
    wave = np.abs((phase % 1) - 0.5) - 0.25
    white = np.clip(0.5 + wave / np.maximum(steep, 1e-4), 0, 1)[..., None]
    dark = ramp(palette("16151a 16151a 1d2f6f 7a1f3d"), np.clip(brief.drift + 0.25 * (sway - 0.5) * brief.drift, 0, 1))
    light = ramp(palette("f3efe4 f3efe4 f1d9c0 bfe0d8"), np.clip(brief.drift - 0.2 * sway * brief.drift, 0, 1))
    pixels = dark + white * (light - dark)
    frame = 0.045 * brief.short
    inside = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) > frame
    return picture(np.where(inside[..., None], pixels, palette("f3efe4")[0]))


def lattice(brief: Brief) -> Image.Image:
    """Swell a lattice of lozenges and discs into a globe, while its colours run from cold to hot."""
    rng, short = brief.rng, brief.short
    count = round(brief.between(12, 17))
    across = np.linspace(0.04, 0.96, count + 1)
    grid_x, grid_y = np.meshgrid(across, across)
    centre = rng.uniform(0.4, 0.6, 2)
    away = np.hypot(grid_x - centre[0], grid_y - centre[1])
    reach = rng.uniform(0.36, 0.44)
    lift = brief.between(0.25, 0.75) * np.clip(1 - (away / reach) ** 2, 0, 1)
    corner_x = brief.width * (centre[0] + (grid_x - centre[0]) * (1 + lift))
    corner_y = brief.height * (centre[1] + (grid_y - centre[1]) * (1 + lift))
    cold, hot = palette("10204f 1f58a8 5fb4c9 e9f2e4"), palette("2a0f3d a11d5b e8582a f8d35e")
    stops = blend(cold, hot, brief.drift)
    tone = np.clip(0.15 + 1.25 * lift + 0.12 * np.sin(3 * grid_x + 5 * grid_y + rng.uniform(0, 6)), 0, 1)
    squares, discs = ramp(stops, tone), ramp(stops, 1 - tone)
    sheet = Sheet.plain(brief.width, brief.height, stops[0] * 0.8)
    for row in range(count):
        for column in range(count):
            ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            quad = np.array([[corner_x[place], corner_y[place]] for place in ring])
            middle = quad.mean(axis=0)
            sheet.polygon(middle + 0.955 * (quad - middle), ink(squares[row, column]))
            radius = 0.19 * np.ptp(quad, axis=0) * (1 + 0.6 * np.sin(9 * tone[row, column]))
            turn = np.linspace(0, 2 * np.pi, 28)
            disc = middle + np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.maximum(radius, 0.012 * short)
            sheet.polygon(disc, inks(discs[row, column][None])[0])
    return sheet.finished()


KOVACS = Hand(
    slug="judit-kovacs-rey",
    artist="Judit Kovács-Rey",
    style="Op art",
    genre="abstract",
    years=(1961, 1984),
    formats=(1.0, 0.85, 1.2),
    surface=Surface("wove", grain=0.012, vignette=0.03),
    titles=(
        "Current | Fold | Drift | Surge | Interval",
        (
            "I | II | III | IV, for M. | in black | and return | at rest | of air | against itself | "
            "VI | of a blind | with undertow | (variation)"
        ),
    ),
    paint=lines,
)

TANABE = Hand(
    slug="hiro-tanabe-moss",
    artist="Hiro Tanabe-Moss",
    style="Op art",
    genre="abstract",
    years=(1964, 1982),
    formats=(1.0,),
    surface=Surface("wove", grain=0.014, vignette=0.05),
    titles=(
        "Globe | Vega | Lattice | Swelling | Kinetic board",
        (
            "Tau | in cobalt | fourteen by fourteen | Sigma | with citron | Omicron | at high tide | Rho | "
            "negative | Kappa | with breath | Zeta | in magenta"
        ),
    ),
    paint=lattice,
)
