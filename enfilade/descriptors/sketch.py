"""Project long vectors to a bounded size, the same way for ever. Knows no pictures.

Count sketch: Charikar, Chen and Farach-Colton, "Finding Frequent Items in Data Streams" (2002); for features
Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (2009). Inner products are kept on average, with
a deviation of about the product of the lengths over sqrt(dimensions).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["count_sketch", "splitmix64"]


def splitmix64(numbers: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Hash integers: the output function of Steele, Lea and Flood's SplitMix generator (2014), which is a bijection.

    Written out, since NumPy promises no stream of its own from version to version.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):  # arithmetic modulo 2**64 is meant
        z = (numbers + np.uint64(1)) * golden + np.uint64(seed) * np.uint64(0xD1B54A32D192ED03)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def count_sketch(values: int, dimensions: int, seed: int) -> csr_array[np.float32]:
    """Make a sketch (values, dimensions): each row has one entry, 1 or -1, its place and sign by hash."""
    hashed = splitmix64(np.arange(values, dtype=np.uint64), seed)
    places = (hashed >> np.uint64(1)) % np.uint64(dimensions)
    signs = np.where(hashed & np.uint64(1), np.float32(1), np.float32(-1))
    starts = np.arange(values + 1)
    return csr_array((signs, places.astype(np.int64), starts), shape=(values, dimensions))
