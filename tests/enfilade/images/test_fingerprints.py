import hashlib
from collections.abc import Callable

import imagehash
import numpy as np
from PIL import Image

from enfilade.images import decode, perceptual_hash, sha256


def blobs(seed: int) -> Image.Image:
    """A picture with broad shapes, as pictures have and noise has not."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return coarse.resize((400, 300), Image.Resampling.BICUBIC)


def test_sha256_is_that_of_the_bytes() -> None:
    assert sha256(b"abc") == hashlib.sha256(b"abc").digest()


def test_the_perceptual_hash_is_imagehashs_as_a_signed_integer() -> None:
    found = [perceptual_hash(blobs(seed)) for seed in range(20)]
    assert [f"{value % 2**64:016x}" for value in found] == [str(imagehash.phash(blobs(seed))) for seed in range(20)]
    assert all(-(2**63) <= value < 2**63 for value in found)


def test_the_same_picture_in_another_size_and_format_has_nearly_the_same_hash(
    encode: Callable[..., bytes],
) -> None:
    for seed in range(10):
        picture = blobs(seed)
        shrunk = encode(picture.resize((200, 150)), "WEBP", quality=60)
        here, there = (perceptual_hash(decode(data).pixels) for data in (encode(picture, "PNG"), shrunk))
        assert (here ^ there).bit_count() <= 6


def test_other_pictures_have_other_hashes() -> None:
    hashes = [perceptual_hash(blobs(seed)) for seed in range(20)]
    distances = [(a ^ b).bit_count() for a in hashes for b in hashes if a != b]
    assert len(set(hashes)) == 20
    assert min(distances) > 10
