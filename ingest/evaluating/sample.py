"""The pictures that spaces are evaluated on, described as those spaces need. Nothing of them is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from enfilade.backbones import LITE0
from enfilade.descriptors import Extractor, content
from enfilade.encoders import NetworkEncoder
from enfilade.errors import RefusedImageError
from enfilade.spaces import Space, recall_recipe
from ingest.described import Description

__all__ = ["BASELINE", "Sample", "extractors_of", "halved"]

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

    def only(self, chosen: NDArray[np.int64]) -> "Sample":
        """Give some of the pictures, by their places in it."""
        return replace(
            self,
            keys=[self.keys[place] for place in chosen],
            descriptions=[self.descriptions[place] for place in chosen],
            histograms=self.histograms[chosen],
            features={recipe_hash: features[chosen] for recipe_hash, features in self.features.items()},
        )


def extractors_of(spaces: Sequence[Space], home: Path) -> list[Extractor]:
    """List all that spaces are made of, and the baseline. Raises BackboneError."""
    recipes = [recall_recipe(space.name, space.recipe, home) for space in spaces]
    extractors = [extractor for recipe in recipes for extractor in recipe.extractors]
    return list({extractor.recipe_hash: extractor for extractor in [*extractors, BASELINE]}.values())


def halved(extractor: Extractor) -> Extractor:
    """Give the same descriptor by a network in bf16; one without a network as it is."""
    if not isinstance(extractor.encoder, NetworkEncoder):
        return extractor
    return replace(extractor, encoder=NetworkEncoder(extractor.encoder.backbone, "bf16"))
