"""Find the extractor that a recipe was made with, so that what it described can be described again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from enfilade.backbones import recall_backbone
from enfilade.descriptors.colour import colour
from enfilade.descriptors.content import content
from enfilade.descriptors.extractor import Extractor
from enfilade.descriptors.style import style
from enfilade.errors import BackboneError

__all__ = ["recall_extractor"]


def recall_extractor(recipe: Mapping[str, Any], home: Path) -> Extractor:
    """Find an extractor by its recipe. Raises BackboneError where this version or this machine has it not."""
    extractor = _like(recipe, home)
    if extractor.recipe != recipe:
        raise BackboneError(
            f"The features {extractor.name!r} were made by another network or preparation than this version has. "
            "`enfilade spaces build NAME --kind KIND` makes the space anew."
        )
    return extractor


def _like(recipe: Mapping[str, Any], home: Path) -> Extractor:
    match recipe["descriptor"]:
        case "content":
            return content(recall_backbone(recipe, home), recipe["precision"])
        case "style":
            sketch = recipe["sketch"]
            backbone = recall_backbone(recipe, home)
            return style(backbone, recipe["precision"], sketch["dimensions"], sketch["seed"])
        case "colour":
            return colour()
        case other:
            raise BackboneError(f"This version knows no descriptor {other!r}.")
