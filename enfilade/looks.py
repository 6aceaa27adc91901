"""One look at a picture, from which its places in several spaces are read. Knows no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.descriptors import Describing, Extractor, OpenEncoders
from enfilade.placing import Placer
from enfilade.spaces import Space, recall_recipe

__all__ = ["Look", "Looking"]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What was seen of n pictures: the features (n, dimensions) of each extractor, by the hash of its recipe."""

    features: Mapping[str, NDArray[np.float32]]

    def row(self, number: int) -> "Look":
        """Give what was seen of one of them."""
        return Look({name: block[number : number + 1] for name, block in self.features.items()})


class Looking:
    """Spaces with their networks open: each encoder among them looks once. Safe in threads.

    Raises BackboneError where a network is not to be had.
    """

    def __init__(
        self, spaces: Sequence[tuple[Space, Placer]], home: Path, encoders: OpenEncoders | None = None
    ) -> None:
        self._placers = {space.id: placer for space, placer in spaces}
        self._parts = {space.id: recall_recipe(space.name, space.recipe, home).extractors for space, _ in spaces}
        every = {one.recipe_hash: one for parts in self._parts.values() for one in parts}
        self.extractors: tuple[Extractor, ...] = tuple(every.values())
        self._describing = Describing(self.extractors, encoders or OpenEncoders(home))
        self._describing.open()

    def extractors_of(self, space: Space) -> tuple[Extractor, ...]:
        """Give the extractors of a space's parts, in the order of its extractor_ids."""
        return self._parts[space.id]

    def look(self, pictures: Sequence[Image.Image]) -> Look:
        """Look at n upright RGB pictures."""
        features = self._describing.describe([self._describing.prepare(picture) for picture in pictures])
        return Look({one.recipe_hash: block for one, block in zip(self.extractors, features, strict=True)})

    def places(self, spaces: Iterable[Space], look: Look) -> dict[int, NDArray[np.float32]]:
        """Place one picture in several of the spaces: (dimensions,), by the space's id."""
        return {space.id: self.place(space, look)[0] for space in spaces}

    def place(self, space: Space, look: Look) -> NDArray[np.float32]:
        """Place what was seen in one of the spaces: (n, dimensions), rows of unit length."""
        features = [look.features[one.recipe_hash] for one in self._parts[space.id]]
        return space.place(self._placers[space.id], features)
