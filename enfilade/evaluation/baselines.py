"""What a space must beat: the article's recipe, chance, colours, labels that mean nothing. Knows no database.

Each gives vectors, (n, k) rows of unit length, to be measured as a space's are; shuffled gives labels.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from enfilade.evaluation.directions import unit_rows

__all__ = ["hellinger", "random_vectors", "rgb_histogram", "seed_vectors", "shuffled", "uncentred_directions"]

_SEED_DIMENSIONS = 10
_RANDOM_DIMENSIONS = 128
_LEVELS = 8  # of each of red, green and blue


def uncentred_directions(features: NDArray[np.floating], k: int) -> NDArray[np.float64]:
    """Find the first k left singular vectors of features, (n, d), uncentred: columns of U, (n, at most k).

    As many as are more than rounding, at least one. By the Gram matrix, whichever of the two is the smaller.
    """
    rows = features.astype(np.float64)
    wide = rows.shape[0] <= rows.shape[1]
    gram = rows @ rows.T if wide else rows.T @ rows
    ascending, columns = eigh(gram, subset_by_index=[max(len(gram) - k, 0), len(gram) - 1])
    variances, columns = ascending[::-1], columns[:, ::-1]
    kept = max(1, int(np.count_nonzero(variances > variances[0] * len(gram) * np.finfo(np.float64).eps)))
    directions = columns[:, :kept]
    return directions if wide else rows @ directions / np.sqrt(np.maximum(variances[:kept], np.finfo(np.float64).tiny))


def seed_vectors(features: NDArray[np.floating], k: int = _SEED_DIMENSIONS) -> NDArray[np.float32]:
    """Place features, (n, d), by the article's recipe: U of their SVD, uncentred, without the singular values."""
    return unit_rows(uncentred_directions(features, k))


def random_vectors(n: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Draw n directions in 128 dimensions, each as likely as any."""
    return unit_rows(np.random.default_rng(seed).normal(size=(n, _RANDOM_DIMENSIONS)))


def rgb_histogram(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Count the colours of pixels, (height, width, 3), in 8 x 8 x 8 boxes: their shares, (512,), which sum to 1.

    Raises ValueError where there are no pixels.
    """
    if not pixels.size:
        raise ValueError("a picture without pixels has no colours")
    levels = (pixels.reshape(-1, 3) // (256 // _LEVELS)).astype(np.int64)
    boxes = levels @ np.array([_LEVELS**2, _LEVELS, 1])
    return (np.bincount(boxes, minlength=_LEVELS**3) / len(boxes)).astype(np.float32)


def hellinger(histograms: NDArray[np.floating]) -> NDArray[np.float32]:
    """Place histograms, (n, bins), so that an inner product is the Bhattacharyya coefficient: by their roots."""
    return unit_rows(np.sqrt(histograms.astype(np.float64)))


def shuffled(labels: Sequence[str | None], *, seed: int = 0) -> list[str | None]:
    """Deal the values of a label out anew among the images that have one.

    What is measured by them is not of the same queries where a value has but one image, so it pairs with nothing.
    """
    labelled = [index for index, value in enumerate(labels) if value is not None]
    dealt: list[str | None] = list(labels)
    for index, other in zip(labelled, np.random.default_rng(seed).permutation(labelled), strict=True):
        dealt[index] = labels[other]
    return dealt
