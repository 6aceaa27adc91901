"""What the works are painted on: papers, canvas, panel, and the light that falls on them."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.random import PCG64, Generator
from PIL import Image

from ingest.studio.noise import clouds
from ingest.studio.palette import Field

__all__ = ["Surface", "lay", "texture"]

# Larger than any work, so that each takes a piece of its own.
TEXTURE_SIDE = 640

Texture = Literal["wove", "laid", "washi", "canvas", "linen", "panel"]


@dataclass(frozen=True, slots=True)
class Surface:
    """A texture and how strongly it shows; relief is how thickly the paint stands and catches the light."""

    texture: Texture
    grain: float = 0.03
    vignette: float = 0.06
    relief: float = 0.0


@cache
def texture(name: Texture) -> Field:
    """Make a sheet of a texture, (640, 640), of mean 0 and deviation 1; the same in every process."""
    rng = Generator(PCG64(1884))
    side = TEXTURE_SIDE
    fine = rng.standard_normal((side, side), dtype=np.float32)
    soft = clouds(rng, side, side, 4, 2)
    broad = clouds(rng, side, side, 160, 2)
    x = np.arange(side, dtype=np.float32)[None, :]
    y = np.arange(side, dtype=np.float32)[:, None]
    match name:
        case "wove":
            sheet = 0.55 * fine + 0.5 * soft + 0.5 * clouds(rng, side, side, 3, 1, 5) + 0.5 * broad
        case "laid":
            sheet = 0.3 * fine + 0.9 * soft + 0.5 * np.sin(y * 1.55) + 0.4 * broad
            sheet -= 1.2 * np.exp(-(((x % 72) - 36) ** 2) / 2)
        case "washi":
            fibres = np.abs(clouds(rng, side, side, 5, 2, 3)) + np.abs(clouds(rng, side, side, 14, 2, 0.4))
            sheet = 0.5 * fine - 0.6 * fibres + 0.6 * soft + 0.8 * broad
        case "canvas" | "linen":
            pitch = 1.55 if name == "canvas" else 2.1
            sway = 0.8 * clouds(rng, side, side, 60, 2)
            threads = np.sin(x * pitch + sway) * np.cos(y * pitch + sway)
            slubs = clouds(rng, side, side, 3, 1, 10) + clouds(rng, side, side, 30, 1, 0.1)
            sheet = 0.9 * threads + 0.42 * slubs + 0.35 * fine + 0.35 * broad
        case "panel":
            sheet = 0.15 * fine + 0.6 * soft + 1.4 * broad + 0.7 * clouds(rng, side, side, 2, 1, 60)
    even: Field = ((sheet - sheet.mean()) / sheet.std()).astype(np.float32)
    return even


def lay(image: Image.Image, surface: Surface, rng: Generator) -> Image.Image:
    """Give a painted image its surface: thick paint lit from the upper left, grain, and a darker rim."""
    pixels = np.asarray(image, dtype=np.float32).copy()
    height, width = pixels.shape[:2]
    if surface.relief:
        light = pixels.mean(axis=2)
        slope = np.clip(light[2:, 2:] - light[:-2, :-2], -60, 60)
        pixels[1:-1, 1:-1] += np.float32(surface.relief) * slope[..., None]
    top, left = (int(rng.integers(0, TEXTURE_SIDE - side + 1)) for side in (height, width))
    gain = 1 + np.float32(surface.grain) * texture(surface.texture)[top : top + height, left : left + width]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    gain -= np.float32(surface.vignette) * (x * x + y * y) ** 2 / 3
    pixels *= gain[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
