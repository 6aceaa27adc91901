"""A path: what a search answers. Knows no graph."""

import math
from dataclasses import dataclass
from typing import Self

__all__ = ["Path"]


@dataclass(frozen=True, slots=True)
class Path:
    """Images in the order of walking, and the distance of each step in radians: one fewer."""

    images: tuple[int, ...]
    distances: tuple[float, ...]

    @property
    def length(self) -> float:
        """The sum of the distances."""
        return math.fsum(self.distances)  # the same in both directions

    @property
    def worst_step(self) -> float:
        """The largest distance; 0 for a path of one image."""
        return max(self.distances, default=0.0)

    @property
    def inner(self) -> tuple[int, ...]:
        """The images between the two ends."""
        return self.images[1:-1]

    @property
    def variation(self) -> float:
        """The coefficient of variation of the distances; 0 where all are alike, as where there is one or none."""
        mean = self.length / max(len(self.distances), 1)
        squares = math.fsum((distance - mean) ** 2 for distance in self.distances)
        return math.sqrt(squares / len(self.distances)) / mean if mean > 0 else 0.0

    def reversed(self) -> Self:
        """Give the way back."""
        return type(self)(self.images[::-1], self.distances[::-1])

    def then(self, other: "Path") -> "Path":
        """Go on along another path, which begins where this one ends."""
        return Path(self.images + other.images[1:], self.distances + other.distances)
