"""The pictures that spaces are evaluated on, described as those spaces need. Nothing of them is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.backbones import LITE0
from enfilade.descriptors import Extractor, content
from enfilade.encoders import NetworkEncoder
from enfilade.errors import RefusedImageError
from enfilade.queries.spaces import published_spaces
from enfilade.spaces import recall_recipe
from ingest.described import Description

__all__ = ["BASELINE", "Sample", "halved", "published_extractors"]

BASELINE = content(LITE0)
"""The features that the article's recipe is followed with."""


@dataclass(frozen=True, slots=True)
class Sample:
    """n pictures: what each is, what was said of it, and its features by the hash of the extractor's recipe."""

    name: str
    keys: Sequence[bytes]
    """SHA-256 of each file."""
    descriptions: Sequence[Description]
    histograms: NDArray[np.float32]
    """Shares of plain RGB colours, (n, 512)."""
    features: Mapping[str, NDArray[np.float16]]
    left_out: Sequence[tuple[str, RefusedImageError]] = field(default=())
    duplicates: int = 0

    def of(self, extractors: Sequence[Extractor]) -> list[NDArray[np.float32]]:
        """Give the features of each extractor, (n, dimensions)."""
        return [self.features[extractor.recipe_hash].astype(np.float32) for extractor in extractors]


def published_extractors(connection: Connection, home: Path) -> list[Extractor]:
    """List all that the published spaces are made of, and the baseline. Raises BackboneError."""
    recipes = [recall_recipe(space.name, space.recipe, home) for space in published_spaces(connection)]
    extractors = [extractor for recipe in recipes for extractor in recipe.extractors]
    return list({extractor.recipe_hash: extractor for extractor in [*extractors, BASELINE]}.values())


def halved(extractor: Extractor) -> Extractor:
    """Give the same descriptor by a network in bf16; one without a network as it is."""
    if not isinstance(extractor.encoder, NetworkEncoder):
        return extractor
    return replace(extractor, encoder=NetworkEncoder(extractor.encoder.backbone, "bf16"))
