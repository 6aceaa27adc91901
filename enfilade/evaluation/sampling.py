"""Take some images of many, the same ones tomorrow. Knows no database and no pictures."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

__all__ = ["sample"]


def sample(keys: Sequence[bytes], most: int) -> NDArray[np.int64]:
    """Take the images, in order, whose keys have the least hashes, at most so many; all where there are no more."""
    if len(keys) <= most:
        return np.arange(len(keys))
    hashes = [sha256(b"enfilade sample\0" + key).digest() for key in keys]
    return np.sort(np.array(sorted(range(len(keys)), key=hashes.__getitem__)[:most], dtype=np.int64))
