"""Twenty ways in which a picture comes back from the world: cut, faded, framed, photographed. Seeded; knows no files.

Positives that need no labels: what a reproduction of a member looks like, to calibrate on and to print recall by kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from numpy.random import PCG64, Generator
from PIL import Image

from enfilade.confidence import damages, views

__all__ = ["AUGMENTATIONS", "Augmentation", "augment"]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One kind of change: how strong it is, in words for a table, and how it is made of an RGB picture and chance."""

    strength: str
    apply: Callable[[Image.Image, Generator], Image.Image]


AUGMENTATIONS: Final[Mapping[str, Augmentation]] = MappingProxyType(
    {
        "crop": Augmentation("80 % of each side kept", views.crop),
        "detail": Augmentation("half of each side kept: a quarter of the picture", views.detail),
        "squash": Augmentation("one side 25 % shorter", views.squash),
        "turn": Augmentation("by a quarter, left or right", views.turn),
        "tilt": Augmentation("by 4° to 10°, corners filled", views.tilt),
        "perspective": Augmentation("corners moved by up to 12 % of the sides", views.perspective),
        "frame": Augmentation("a frame of 8 % to 15 % of the long side around it", views.frame),
        "photograph": Augmentation("on a wall, from aside, unevenly lit, blurred, JPEG 60", views.photograph),
        "cover": Augmentation("a fifth of the area hidden", damages.cover),
        "caption": Augmentation("lettering across it", damages.caption),
        "blur": Augmentation("Gaussian, 1 % of the long side", damages.blur),
        "shrink": Augmentation("long side 128 pixels", damages.shrink),
        "jpeg": Augmentation("quality 12", damages.jpeg),
        "noise": Augmentation("Gaussian, deviation 25 of 255", damages.noise),
        "halftone": Augmentation("printed dots, 1 % of the long side apart", damages.halftone),
        "brighten": Augmentation("gamma 0.5 to 0.65", damages.brighten),
        "darken": Augmentation("gamma 1.6 to 2.2", damages.darken),
        "fade": Augmentation("half the contrast, yellowed", damages.fade),
        "recolour": Augmentation("each channel scaled by 0.6 to 1.4", damages.recolour),
        "grey": Augmentation("no colour", damages.grey),
    }
)


def augment(picture: Image.Image, kind: str, seed: int) -> Image.Image:
    """Change an RGB picture in a way named in AUGMENTATIONS. The same picture, kind and seed give the same pixels."""
    # PCG64 by name: NumPy may change what default_rng is.
    rng = Generator(PCG64([seed, list(AUGMENTATIONS).index(kind)]))
    return AUGMENTATIONS[kind].apply(picture, rng)
