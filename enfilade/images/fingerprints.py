"""Tell equal files by their bytes and equal pictures by their looks. Knows no database but its integers."""

import hashlib

import imagehash
import numpy as np
from PIL import Image

__all__ = ["perceptual_hash", "sha256"]


def sha256(data: bytes) -> bytes:
    """Return the 32 bytes of the file's SHA-256."""
    return hashlib.sha256(data).digest()


def perceptual_hash(pixels: Image.Image) -> int:
    """Return imagehash.phash as a signed integer of 64 bits, which is what Postgres's bigint holds.

    Pictures that look the same differ in few bits: count those of a XOR b. From a picture's Picture.pixels it
    depends on nothing but the file.
    """
    bits = imagehash.phash(pixels).hash  # (8, 8) of bool
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)
