"""Discs: rings within rings cut by axes, and bright bodies adrift in the dark."""

import numpy as np
from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.brush import smoothstep
from ingest.studio.noise import clouds
from ingest.studio.palette import Field, blend, inks, jitter, palette, ramp
from ingest.studio.paper import Surface
from ingest.studio.sheet import Sheet, picture

__all__ = ["MARCHETTI", "SOLE"]

WARM = palette("f3e3c3 e9b44c d9622b a8201a 5a1a2b 20242f")
COOL = palette("eaf0e6 a9cfc4 3f8f93 2b5c9e 1c2e5e e8a33d")


def targets(brief: Brief) -> Image.Image:
    """Fill a board of squares with rings whose quarters change colour: one great target, later a quilt."""
    colours = blend(WARM, COOL, brief.drift)
    across = round(brief.between(0.8, 4.2))
    across = max(1, across)
    side = brief.width / across
    down = max(1, round(brief.height / side))
    tall = brief.height / down
    sheet = Sheet.plain(brief.width, brief.height, colours[0])
    for row in range(down):
        for column in range(across):
            _target(brief, sheet, (column * side, row * tall, side, tall), colours)
    return sheet.finished()


def _target(brief: Brief, sheet: Sheet, place: tuple[float, float, float, float], colours: Field) -> None:
    rng = brief.rng
    left, top, wide, tall = place
    shades = inks(jitter(rng, ramp(colours, rng.random(64)), 0.025))
    for corner in range(4):
        x, y = left + (corner % 2) * wide / 2, top + (corner // 2) * tall / 2
        sheet.box(x, y, x + wide / 2 + 1, y + tall / 2 + 1, shades[corner])
    rings = int(rng.integers(5, 8)) if wide > brief.width / 2 else int(rng.integers(3, 6))
    centre_x, centre_y = left + wide / 2, top + tall / 2
    reach = 0.47 * min(wide, tall)
    for ring in range(rings):
        radius = reach * (1 - ring / rings) ** 0.92
        start = 90 * int(rng.integers(4))
        cuts = (0, 90, 180, 270) if ring % 2 else (0, 180)
        for number, cut in enumerate(cuts):
            sweep = 360 / len(cuts)
            shade = shades[4 + (ring * 7 + number * 3) % 60]
            corners = [
                sheet.scale * edge
                for edge in (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
            ]
            box = (corners[0], corners[1], corners[2], corners[3])
            sheet.pen.pieslice(box, start + cut, start + cut + sweep, fill=shade)


BODIES_EARLY = palette("d8573a e9b65a f0dfb8 7f2f4f c97b84 4a6fa5")
BODIES_LATE = palette("57b8b3 9ed0e6 f3f0d7 3e5fa8 b59ad6 e6c65c")


def bodies(brief: Brief) -> Image.Image:
    """Hang see-through discs and their haloes in deep space, one large body and its train of small ones."""
    rng, short = brief.rng, brief.short
    x, y = brief.grid()
    night = blend(palette("1a1216")[0], palette("0d1626")[0], brief.drift)
    pixels = night + 0.03 * clouds(rng, brief.width, brief.height, 180, 2)[..., None]
    colours = jitter(rng, blend(BODIES_EARLY, BODIES_LATE, brief.drift), 0.03)
    count = round(brief.between(7, 20))
    for number in range(count):
        radius = short * (brief.between(0.3, 0.2) if number == 0 else 0.012 + 0.15 * rng.random() ** 2.2)
        spread = 0.06 if number == 0 else 0.27
        middle = np.array([brief.width, brief.height]) * np.clip(rng.normal(0.5, spread, 2), 0.1, 0.9)
        _body(pixels, (x - middle[0], y - middle[1]), radius, colours[number % 6], ring=rng.random() < 0.4)
    return picture(pixels)


def _body(pixels: Field, away: tuple[Field, Field], radius: float, colour: Field, *, ring: bool) -> None:
    column = np.flatnonzero(np.abs(away[0][0]) < 1.9 * radius + 3)
    row = np.flatnonzero(np.abs(away[1][:, 0]) < 1.9 * radius + 3)
    part = np.s_[row[0] : row[-1] + 1, column[0] : column[-1] + 1]
    distance = np.hypot(away[0][:, part[1]], away[1][part[0]])
    halo = 0.3 * np.clip(1 - (distance - radius) / (0.9 * radius), 0, 1) ** 2.2
    inside = np.clip(radius - distance + 0.5, 0, 1)
    strength = np.where(inside > 0, inside * (0.62 + 0.3 * smoothstep(0, radius, distance)), halo)
    if ring:
        strength = np.maximum(strength, np.clip(1.6 - np.abs(distance - 1.35 * radius), 0, 1))
    pixels[part] += strength[..., None] * (colour - 0.75 * pixels[part])


SOLE = Hand(
    slug="emmerich-sole",
    artist="Emmerich Sole",
    style="Geometric abstraction",
    genre="abstract",
    years=(1910, 1938),
    formats=(1.0, 1.0, 0.76, 1.32),
    surface=Surface("canvas", grain=0.035, vignette=0.06, relief=0.05),
    titles=(
        "Simultaneous | Discs: | Rings for | Circular | Sun, moon and",
        (
            "harvest | propeller | midsummer | the quilt of days | carousel | noon over Lyon | a "
            "brass band | turbine | prism | the orchard | two clocks | the velodrome | windows"
        ),
    ),
    paint=targets,
)

MARCHETTI = Hand(
    slug="ione-marchetti",
    artist="Ione Marchetti-Bly",
    style="Geometric abstraction",
    genre="abstract",
    years=(1924, 1952),
    formats=(1.0, 0.8, 1.25),
    surface=Surface("canvas", grain=0.04, vignette=0.12),
    titles=(
        "Nocturne with | Conjunction with | Night piece with | Bodies and | Song for",
        (
            "the transit | quiet moons | the ninth planet | a far lamp | slow comets | deep water | "
            "amber | the blue hour | an eclipse | pearls | a passing ship | fireflies | satellites"
        ),
    ),
    paint=bodies,
)
