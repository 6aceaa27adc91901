from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from enfilade.confidence.augmentations import AUGMENTATIONS, augment
from ingest.studio import Work, paint


@pytest.fixture(scope="module")
def picture(works: tuple[Work, ...]) -> Image.Image:
    return paint(works[0])


@pytest.mark.parametrize("kind", AUGMENTATIONS)
def test_a_kind_changes_the_picture_the_same_way_for_a_seed(picture: Image.Image, kind: str) -> None:
    before = picture.tobytes()
    once, again = augment(picture, kind, 3), augment(picture, kind, 3)
    assert once.mode == "RGB"
    assert once.tobytes() == again.tobytes()
    assert (once.size, once.tobytes()) != (picture.size, before)
    assert picture.tobytes() == before  # the picture that was given is left as it was


@pytest.mark.parametrize("kind", AUGMENTATIONS)
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (64, 64)])
def test_a_kind_bears_a_picture_of_any_size(kind: str, size: tuple[int, int]) -> None:
    changed = augment(Image.new("RGB", size, "red"), kind, 0)
    assert min(changed.size) >= 1


def test_there_are_twenty_kinds_and_each_tells_its_strength() -> None:
    assert len(AUGMENTATIONS) == 20
    assert all(one.strength for one in AUGMENTATIONS.values())


def test_kinds_differ_from_each_other(picture: Image.Image) -> None:
    looks = sorted(np.asarray(augment(picture, kind, 5).resize((32, 32))).tobytes() for kind in AUGMENTATIONS)
    assert all(one != other for one, other in pairwise(looks))
