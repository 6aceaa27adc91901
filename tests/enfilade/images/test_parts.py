from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from enfilade.images import LARGEST_SIDE, Crop, Limits, decode, decode_part
from enfilade.images.parts import LONG_SIDE, SHORT_SIDE, Seen

LIMITS = Limits(max_pixels=50_000_000, min_side=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "size", [(300, 100), (671, 671), (672, 672), (1200, 900), (4000, 3000), (2500, 200), (900, 6000)]
)
def test_what_is_read_keeps_enough_of_one_side_and_not_twice_as_much_of_both(
    kind: str, size: tuple[int, int], encode: Callable[..., bytes]
) -> None:
    pixels = decode_part(encode(Image.new("RGB", size), kind), LIMITS)
    short, long = sorted(pixels.size)
    assert pixels.size == size or short >= SHORT_SIDE or long >= LONG_SIDE
    assert short < 2 * SHORT_SIDE + 2
    assert long < 2 * LONG_SIDE + 2
    assert pixels.width / pixels.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_picture_that_is_not_large_is_read_to_the_same_bits_as_members_are(encode: Callable[..., bytes]) -> None:
    data = encode(Image.effect_noise((1200, 670), 60).convert("RGB"), "JPEG")
    assert decode_part(data, LIMITS).tobytes() == decode(data).pixels.tobytes()


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("part", [Crop(0.5, 0.5, 0.25, 0.5), Crop(0, 0, 0.01, 1), Crop(0, 0.2, 1, 0.01)])
def test_a_part_is_read_finer_than_the_whole(part: Crop, orientation: int, encode: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = encode(Image.new("RGB", (4000, 3000)), "JPEG", exif=exif)
    whole, cut = decode_part(data, LIMITS), decode_part(data, LIMITS, part)
    assert cut.width > whole.width * part.width
    assert cut.height > whole.height * part.height
    assert max(cut.size) <= LARGEST_SIDE


SIDE, SHARE = st.integers(1, 60_000), st.floats(0.001, 1)


@given(SIDE, SIDE, SHARE, SHARE)
def test_no_part_is_larger_than_its_bound(width: int, height: int, across: float, down: float) -> None:
    sides = Seen(Crop(0, 0, across, down)).least(width, height)
    assert max(side * share for side in sides for share in (across, down)) <= LARGEST_SIDE  # it may lie on its side
