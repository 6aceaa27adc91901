"""From a picture's features to its place in a space: a projection, and a trained head where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from enfilade.heads import Head, set_beside
from enfilade.pca import Projection, project

__all__ = ["Placer", "TrainedHead"]


@dataclass(frozen=True, slots=True, eq=False)
class TrainedHead:
    """A head, and how it is set beside the frozen coordinates: see enfilade.heads.set_beside."""

    head: Head
    frozen: int
    share: float


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no single truth; compare to_bytes()
class Placer:
    """All that was fitted for a space."""

    projection: Projection
    whitening: float
    trained: TrainedHead | None = None

    @property
    def dimensions(self) -> int:
        """How many numbers a place has."""
        components = len(self.projection.scales)
        if self.trained is None:
            return components
        return min(self.trained.frozen, components) + self.trained.head.dimensions

    def place(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Place features (n, d): (n, dimensions), rows of unit length."""
        coordinates = project(self.projection, features, whitening=self.whitening)
        if self.trained is None:
            return coordinates
        return set_beside(self.trained.head, coordinates, frozen=self.trained.frozen, share=self.trained.share)

    def to_bytes(self) -> bytes:
        """Write a NumPy .npz archive of what was fitted; the recipe is kept beside it. Equal placers, equal bytes."""
        if self.trained is None:
            return self.projection.to_bytes()
        buffer = BytesIO()
        np.savez(buffer, **self.projection.arrays(), **self.trained.head.arrays())  # type: ignore[arg-type]
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, archive: bytes, recipe: Mapping[str, Any]) -> Self:
        """Read what to_bytes wrote, for a space of this recipe. Never unpickles."""
        with np.load(BytesIO(archive), allow_pickle=False) as fields:
            arrays = dict(fields)
        trained = None
        if condition := recipe.get("condition"):
            training = condition["training"]
            trained = TrainedHead(Head.from_arrays(arrays), training["frozen"], training["share"])
        return cls(Projection.from_arrays(arrays), recipe["projection"]["whitening"], trained)
