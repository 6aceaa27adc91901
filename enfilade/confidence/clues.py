"""What of a picture is compared beside what networks see of it. Knows no database."""

from dataclasses import dataclass

from PIL import Image

from enfilade.confidence.keypoints import Keypoints, strongest_keypoints
from enfilade.images import perceptual_hash

__all__ = ["Clues", "find_clues"]


@dataclass(frozen=True, slots=True, eq=False)
class Clues:
    """A query's keypoints, and its perceptual hash."""

    keypoints: Keypoints
    phash: int


def find_clues(picture: Image.Image) -> Clues:
    """Look for the clues that an upright RGB picture gives."""
    return Clues(strongest_keypoints(picture), perceptual_hash(picture))
