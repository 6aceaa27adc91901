"""Map a picture by its four corners."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

__all__ = ["corners", "warp"]


def corners(size: tuple[int, int]) -> NDArray[np.float64]:
    """Give the corners of a picture of this size, (4, 2), from the left upper one clockwise, in pixels."""
    width, height = size
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)


def warp(picture: Image.Image, onto: ArrayLike, size: tuple[int, int], ground: tuple[int, int, int]) -> Image.Image:
    """Lay a picture with its corners onto others, (4, 2) in pixels, in a picture of this size over a ground."""
    coefficients = _from_to(np.asarray(onto, dtype=np.float64), corners(picture.size))
    way = Image.Transform.PERSPECTIVE
    return picture.transform(size, way, coefficients, Image.Resampling.BICUBIC, fillcolor=ground)


def _from_to(one: NDArray[np.float64], other: NDArray[np.float64]) -> list[float]:
    """Solve for the eight coefficients of the homography that takes four points to four others, as Pillow has them."""
    rows, zero = [], np.zeros(3)
    for (x, y), (u, v) in zip(one, other, strict=True):
        rows.append([x, y, 1, *zero, -u * x, -u * y])
        rows.append([*zero, x, y, 1, -v * x, -v * y])
    solved: list[float] = np.linalg.solve(np.array(rows), other.reshape(-1)).tolist()
    return solved
