"""What a space is like whatever its labels: hubs, pieces, and what its projection keeps. Knows no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from enfilade.evaluation.connectedness import Connectedness, connectedness
from enfilade.evaluation.hubness import Hubness, RescaledHubness, hubness_of, rescaled_hubness
from enfilade.evaluation.overlap import Overlap
from enfilade.evaluation.retrieval import ExactNeighbours
from enfilade.evaluation.sampling import sample

__all__ = ["Structure", "measure_structure"]

_MOST_RESCALED = 5000  # rescaling costs the square: about 15 s here on 2 cores


@dataclass(frozen=True, slots=True)
class Structure:
    """A space's shape. overlap and hnsw_recall are None where nobody measured them."""

    images: int
    dimensions: int
    hubness: Hubness
    connectedness: tuple[Connectedness, ...]
    rescaled_images: int = 0
    """How many images the rescalings were tried on: all, or a sample of them."""
    rescaled: Mapping[str, RescaledHubness] = field(default_factory=dict)
    overlap: Overlap | None = None
    hnsw_recall: float | None = None
    """The share of the exact 10 nearest that the database's index finds."""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        rescaled = {name: one.as_dict() for name, one in self.rescaled.items()}
        return {
            "images": self.images,
            "dimensions": self.dimensions,
            "hubness": self.hubness.as_dict() | {"rescaled": {"images": self.rescaled_images, **rescaled}},
            "connectedness": [one.as_dict() for one in self.connectedness],
            "overlap": None if self.overlap is None else self.overlap.as_dict(),
            "hnsw_recall": self.hnsw_recall,
        }


def measure_structure(
    vectors: NDArray[np.float32],
    keys: Sequence[bytes],
    codes: Mapping[str, NDArray[np.int64]],
    nearest: ExactNeighbours,
) -> Structure:
    """Measure vectors, (n, d), rows of unit length, n > 1.

    keys: n of them, which choose whom to rescale beyond 5,000; codes: (n,) of label_codes for each label; nearest:
    of the same vectors.
    """
    graph = nearest.graph(np.arange(len(vectors)))
    chosen = sample(keys, _MOST_RESCALED)
    return Structure(
        images=len(vectors),
        dimensions=vectors.shape[1],
        hubness=hubness_of(graph.neighbours),
        connectedness=connectedness(graph),
        rescaled_images=len(chosen),
        rescaled=rescaled_hubness(vectors[chosen], {label: values[chosen] for label, values in codes.items()}),
    )
