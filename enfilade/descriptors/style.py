"""How a picture is made: which textures go together, whatever it shows, by the Gram matrices of a network's layers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from enfilade.backbones import Backbone
from enfilade.descriptors.extractor import Extractor
from enfilade.descriptors.sketch import count_sketch
from enfilade.encoders import NetworkEncoder, Outputs, Precision
from enfilade.errors import BackboneError

__all__ = ["SKETCH", "style", "triangle"]

SKETCH = 4096
"""Entries of a sketched style. Half as many lose .004 to .010 of mAP@10, twice as many win .002 to .007: see
docs/spaces.md."""
SEED = 1


def style(backbone: Backbone, precision: Precision = "fp32", dimensions: int = SKETCH, seed: int = SEED) -> Extractor:
    """Describe pictures by the Gram matrices of a backbone's layers, after Gatys, Ecker and Bethge (2015).

    Of each the upper triangle, of unit length, so that every layer counts the same; all of them together,
    count-sketched to a bounded size. Raises BackboneError for a backbone without such layers.
    """
    if not backbone.layers:
        raise BackboneError(f"The network {backbone.name!r} has no layers whose Gram matrices tell style.")
    layers = dict(backbone.layers)
    values = sum(channels * (channels + 1) // 2 for channels in layers.values())

    def read(seen: Outputs) -> NDArray[np.float32]:
        triangles = np.concatenate([triangle(seen[layer]) for layer in layers], axis=1)
        sketched: NDArray[np.float32] = triangles @ _sketch(values, dimensions, seed)
        return sketched

    return Extractor(
        name=f"style/{backbone.name}",
        encoder=NetworkEncoder(backbone, precision),
        describes={
            "descriptor": "style",
            "layers": layers,
            "gram": "upper triangle, unit length by layer",
            "sketch": {"method": "count sketch, splitmix64", "dimensions": dimensions, "seed": seed},
        },
        dimensions=dimensions,
        read=read,
    )


def triangle(grams: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take the distinct values of Gram matrices, (n, c, c) -> (n, c (c + 1) / 2), rows of unit length.

    What lies off the diagonal, which stands for two entries, is scaled by the square root of two: angles between
    triangles are then those between the whole matrices.
    """
    rows, columns, scales = _upper(grams.shape[1])
    values = grams[:, rows, columns] * scales
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    unit: NDArray[np.float32] = values / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


@lru_cache(maxsize=16)
def _upper(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    rows, columns = np.triu_indices(size)
    return rows, columns, np.where(rows == columns, 1, np.sqrt(2)).astype(np.float32)


@lru_cache(maxsize=4)
def _sketch(values: int, dimensions: int, seed: int) -> csr_array[np.float32]:
    return count_sketch(values, dimensions, seed)
