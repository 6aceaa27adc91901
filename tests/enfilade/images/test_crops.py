"""A crop is the same part of a picture at every resolution."""

import pytest
from PIL import Image

from enfilade.images import Crop


def test_a_crop_of_everything_is_everything() -> None:
    picture = Image.effect_noise((37, 91), 50)
    assert Crop(0, 0, 1, 1).of(picture).tobytes() == picture.tobytes()


def test_what_lies_beyond_the_picture_is_left_out() -> None:
    assert Crop(0.5, 0.25, 1, 1).box(100, 80) == (50, 20, 100, 80)


def test_a_crop_scales_with_the_picture() -> None:
    crop = Crop(0.1, 0.2, 0.5, 0.4)
    assert [2 * side for side in crop.box(200, 300)] == list(crop.box(400, 600))


def test_a_crop_can_be_empty() -> None:
    assert Crop(1, 0, 0.5, 1).of(Image.new("RGB", (20, 20))).size == (0, 20)


def test_a_crop_is_read_as_it_is_written() -> None:
    assert Crop.from_text("0.5,0,.25,1.0") == Crop(0.5, 0, 0.25, 1)


@pytest.mark.parametrize("written", ["", "0,0,0,1", "0,0,1", "0,0,1,2", "-1,0,1,1", "0,0,1,1\n", "a,b,c,d", "0," * 99])
def test_a_crop_that_makes_no_sense_is_told_what_it_must_be(written: str) -> None:
    with pytest.raises(ValueError, match="must be x,y,width,height"):
        Crop.from_text(written)


@pytest.mark.parametrize(("crop", "whole"), [("0,0,1,1", True), ("0.01,0,1,1", False), ("0,0,1,0.999", False)])
def test_a_crop_of_everything_is_whole(crop: str, *, whole: bool) -> None:
    assert Crop.from_text(crop).whole == whole
