"""What recipe a person's words ask for. Knows no database."""

from dataclasses import dataclass, replace
from pathlib import Path

from enfilade.backbones import LITE0, find_backbone
from enfilade.descriptors import colour, content, style
from enfilade.encoders import Precision
from enfilade.errors import SpaceRecipeError
from enfilade.spaces import DEFAULT_RECIPES, Part, SpaceRecipe, kinship_parts

__all__ = ["KINDS", "Wish", "design"]

KINDS = tuple(recipe.name for recipe in DEFAULT_RECIPES)
"""The kinds of likeness that a space can be made for without training."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; None where nothing was said."""

    kind: str | None = None
    backbone: str | None = None
    weights: Path | None = None
    precision: Precision | None = None
    sketch: int | None = None
    dimensions: int | None = None
    whitening: float | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether a space is to be made as it was before."""
        return self == Wish()


def design(name: str, wish: Wish, home: Path) -> SpaceRecipe:
    """Make the recipe of a new space. Raises SpaceRecipeError where the words make no sense, BackboneError."""
    kind = wish.kind or (name if name in KINDS else None)
    if kind is None:
        raise SpaceRecipeError(f"{name!r} is no kind of likeness. Say with --kind which it is: {', '.join(KINDS)}.")
    if kind == "colour" and (wish.backbone or wish.weights or wish.precision):
        raise SpaceRecipeError("Colour is described without a network: it takes no backbone, weights or precision.")
    if wish.sketch and kind not in {"style", "kinship"}:
        raise SpaceRecipeError("Only style is sketched.")
    recipe = next(recipe for recipe in DEFAULT_RECIPES if recipe.name == kind)
    recipe = replace(recipe, name=name, parts=_parts(kind, wish, home))
    if wish.dimensions is not None:
        recipe = replace(recipe, dimensions=wish.dimensions)
    return recipe if wish.whitening is None else replace(recipe, whitening=wish.whitening)


def _parts(kind: str, wish: Wish, home: Path) -> tuple[Part, ...]:
    if kind == "colour":
        return (Part(colour()),)
    backbone = find_backbone(wish.backbone or LITE0.name, home, wish.weights)
    precision = wish.precision or "fp32"
    if kind == "content":
        return (Part(content(backbone, precision)),)
    styled = style(backbone, precision, wish.sketch) if wish.sketch else style(backbone, precision)
    return (Part(styled),) if kind == "style" else kinship_parts(styled, content(backbone, precision))
