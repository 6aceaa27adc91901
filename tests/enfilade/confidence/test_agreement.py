from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image, ImageOps

from enfilade.confidence import Agreement, Keypoints, agree, find_keypoints, strongest_keypoints
from enfilade.confidence.augmentations import AUGMENTATIONS, augment
from enfilade.confidence.keypoints import ASKED, KEPT
from enfilade.errors import KeypointsError
from ingest.studio import Work, paint

CHANCE = 12
"""Inliers that two pictures of nothing in common may come to."""


@pytest.fixture(scope="module")
def pictures(works: tuple[Work, ...]) -> list[Image.Image]:
    """One work of each hand and a second one of the first; none with a pendant, which would share a part."""
    return [paint(works[number]) for number in (0, 1, 8, 16, 24, 32, 40)]


@pytest.fixture(scope="module")
def members(pictures: Sequence[Image.Image]) -> list[Keypoints]:
    return [find_keypoints(picture) for picture in pictures]


def inliers(query: Image.Image, members: Sequence[Keypoints]) -> list[int]:
    asked = strongest_keypoints(query)
    return [agree(asked, member).inliers for member in members]


def test_a_picture_agrees_with_itself_in_all_its_keypoints(members: Sequence[Keypoints]) -> None:
    for member in members:
        agreement = agree(member, member)
        assert agreement.matches > 0.8 * len(member)  # those that repeat within the picture are no match
        assert agreement.inliers == agreement.matches


@pytest.mark.parametrize("kind", ["crop", "squash", "turn", "tilt", "perspective", "frame", "jpeg", "fade", "grey"])
def test_a_changed_picture_agrees_with_its_own_and_with_no_other(
    pictures: Sequence[Image.Image], members: Sequence[Keypoints], kind: str
) -> None:
    for number, picture in enumerate(pictures):
        found = inliers(augment(picture, kind, number), members)
        own = found.pop(number)
        assert own > 2 * max(found), (number, own, found)


def test_a_photograph_of_a_picture_mostly_agrees_with_it(
    pictures: Sequence[Image.Image], members: Sequence[Keypoints]
) -> None:
    found = [inliers(augment(one, "photograph", 7), members) for one in pictures]
    assert np.mean(np.argmax(found, axis=1) == np.arange(len(pictures))) > 0.8


def test_different_works_of_one_hand_do_not_agree(members: Sequence[Keypoints]) -> None:
    assert agree(members[0], members[1]).inliers <= CHANCE


def test_a_mirrored_picture_is_not_taken_for_the_picture(
    pictures: Sequence[Image.Image], members: Sequence[Keypoints]
) -> None:
    assert max(inliers(ImageOps.mirror(pictures[2]), members)) <= CHANCE


def test_an_even_picture_has_no_keypoints_and_agrees_with_nothing(members: Sequence[Keypoints]) -> None:
    nothing = find_keypoints(Image.new("RGB", (300, 200), "white"))
    assert len(nothing) == 0
    assert agree(nothing, members[0]) == agree(members[0], nothing) == Agreement(0, 0)


def test_keypoints_come_back_from_their_bytes(members: Sequence[Keypoints]) -> None:
    for member in members:
        again = Keypoints.from_bytes(member.to_bytes())
        assert len(member.to_bytes()) == 20 * len(member) <= 20 * KEPT
        assert np.abs(again.positions - member.positions).max() <= 1 / 256
        assert np.array_equal(again.codes, member.codes)


def test_bytes_of_another_length_are_refused() -> None:
    with pytest.raises(KeypointsError):
        Keypoints.from_bytes(b"not keypoints")


def test_a_query_has_as_many_keypoints_as_are_asked_for_and_a_member_as_many_as_are_kept() -> None:
    busy = Image.effect_noise((90, 90), 90).resize((224, 224)).convert("RGB")
    assert (len(strongest_keypoints(busy)), len(find_keypoints(busy))) == (ASKED, KEPT)


@pytest.mark.parametrize("find", [find_keypoints, strongest_keypoints])
def test_the_same_pixels_give_the_same_keypoints(
    find: Callable[[Image.Image], Keypoints], pictures: Sequence[Image.Image]
) -> None:
    assert find(pictures[2]).to_bytes() == find(pictures[2]).to_bytes()


def test_the_same_pictures_agree_the_same_every_time(
    pictures: Sequence[Image.Image], members: Sequence[Keypoints]
) -> None:
    query = augment(pictures[3], "photograph", 1)
    assert inliers(query, members) == inliers(query, members)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (700, 2)])
@pytest.mark.parametrize("kind", ["noise", "halftone"])
def test_a_picture_of_any_size_can_be_asked_for(size: tuple[int, int], kind: str, members: Sequence[Keypoints]) -> None:
    assert kind in AUGMENTATIONS
    query = strongest_keypoints(augment(Image.new("RGB", size, "grey"), kind, 0))
    assert agree(query, members[0]).inliers <= CHANCE
