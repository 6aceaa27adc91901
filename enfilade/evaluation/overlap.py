"""Measure how many neighbours a projection keeps, by dimensions. Knows no database and no pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from enfilade.evaluation.baselines import uncentred_directions
from enfilade.evaluation.directions import unit_rows
from enfilade.evaluation.sampling import sample
from enfilade.pca import PrincipalComponents, Projection, project

__all__ = ["DEPTHS", "Overlap", "neighbour_overlap", "overlap_by_dimensions"]

DEPTHS = (10, 19)
_DIMENSIONS = (8, 16, 32, 64, 128, 192)
_MOST_IMAGES = 5000


@dataclass(frozen=True, slots=True)
class Overlap:
    """The mean share of an image's nearest in the full space (features centred, by angle) that are still its nearest.

    images: how many were compared. pca and seed: for each number of dimensions, that share among the 10 and the 19
    nearest, of the principal components, unwhitened, and of the article's recipe (uncentred, unscaled U).
    """

    images: int
    pca: Mapping[int, Mapping[int, float]]
    seed: Mapping[int, Mapping[int, float]]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it: for each method a list of {"dimensions", "at_10", "at_19"}."""
        return {"images": self.images, "pca": _as_list(self.pca), "seed": _as_list(self.seed)}


def overlap_by_dimensions(
    features: NDArray[np.floating], keys: Sequence[bytes], *, most: int = _MOST_IMAGES
) -> Overlap | None:
    """Measure features, (n, d), at 8 to 192 dimensions, as many as they have.

    keys: n of them, which choose the images beyond most. None where there are 19 others or fewer.
    """
    chosen = sample(keys, most)
    rows = features[chosen]
    depth = max(DEPTHS)
    if len(rows) <= depth:
        return None
    components = PrincipalComponents(rows.shape[1])
    components.add(rows)
    whole = components.fit(max(_DIMENSIONS))
    full = _neighbours(_centred(rows))
    fitting = [k for k in _DIMENSIONS if k <= len(whole.scales)]
    directions = uncentred_directions(rows, max(fitting, default=1))
    return Overlap(
        images=len(rows),
        pca={k: _shares(full, _neighbours(project(_first(whole, k), rows))) for k in fitting},
        seed={k: _shares(full, _neighbours(unit_rows(directions[:, :k]))) for k in fitting},
    )


def neighbour_overlap(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Find the mean share of one's neighbours, (n, k), that are among other's, (n, k), in whatever order."""
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    return float((both[:, 1:] == both[:, :-1]).sum() / one.size)


def _shares(full: NDArray[np.int64], kept: NDArray[np.int64]) -> dict[int, float]:
    return {depth: neighbour_overlap(full[:, :depth], kept[:, :depth]) for depth in DEPTHS}


def _neighbours(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    # Not by knn_graph: a share needs no order among near-ties, whose refinement at 5,000 dimensions takes a minute.
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    _, found = index.search(vectors, max(DEPTHS) + 1)
    others = found != np.arange(len(found))[:, None]
    others[others.all(axis=1), -1] = False  # among duplicates it may not find itself
    neighbours: NDArray[np.int64] = found[others].reshape(len(found), max(DEPTHS))
    return neighbours


def _first(projection: Projection, k: int) -> Projection:
    return replace(
        projection,
        components=projection.components[:k],
        scales=projection.scales[:k],
        explained=projection.explained[:k],
    )


def _centred(features: NDArray[np.floating]) -> NDArray[np.float32]:
    rows = features.astype(np.float64)
    return unit_rows(rows - rows.mean(axis=0))


def _as_list(shares: Mapping[int, Mapping[int, float]]) -> list[dict[str, Any]]:
    return [{"dimensions": k} | {f"at_{depth}": share for depth, share in at.items()} for k, at in shares.items()]
