"""Which images a training never sees, so that its outcome can be measured on them. Knows no database."""

from hashlib import sha256

__all__ = ["held_out"]


def held_out(image_sha256: bytes, share: float) -> bool:
    """Tell whether an image is held out from training, whatever the label.

    share: of all images, from 0 (none) to 1 (all). It hangs on the image's own hash alone: whatever else is in the
    collection, and at a larger share those of a smaller one stay held out.
    """
    hashed = sha256(b"held out\0" + image_sha256).digest()
    return int.from_bytes(hashed[:8], "big") < share * 2**64
