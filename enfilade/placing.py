"""From a picture's features to its place in a space: a projection, and a trained head where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from enfilade.pca import Projection, project

__all__ = ["Placer"]


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth; compare to_bytes()
class Placer:
    """All that was fitted for a space."""

    projection: Projection
    whitening: float

    @property
    def dimensions(self) -> int:
        """How many numbers a place has."""
        return len(self.projection.scales)

    def place(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Place features (n, d): (n, dimensions), rows of unit length."""
        return project(self.projection, features, whitening=self.whitening)

    def to_bytes(self) -> bytes:
        """Write a NumPy .npz archive of what was fitted; the recipe is kept beside it."""
        return self.projection.to_bytes()

    @classmethod
    def from_bytes(cls, archive: bytes, recipe: Mapping[str, Any]) -> Self:
        """Read what to_bytes wrote, for a space of this recipe."""
        return cls(Projection.from_bytes(archive), recipe["projection"]["whitening"])
