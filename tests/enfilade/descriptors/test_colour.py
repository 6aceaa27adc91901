"""Colour is how much there is of each colour as it is seen: neither where, nor on what."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from enfilade.descriptors import colour
from enfilade.descriptors.colour import PaletteEncoder

RGB = st.tuples(*[st.integers(0, 255)] * 3)


def features(*pictures: Image.Image) -> np.ndarray:
    encoder = PaletteEncoder()
    return colour().features({"lab": np.stack([encoder.prepare(picture) for picture in pictures])})


def test_known_colours_are_where_cielab_has_them() -> None:
    # L*, a*, b* under D50, from Bruce Lindbloom's tables; a* and b* as signed bytes.
    for name, expected in {
        "white": (100, 0, 0),
        "black": (0, 0, 0),
        "red": (54, 81, 70),
        "lime": (88, -79, 81),
    }.items():
        lightness, a, b = PaletteEncoder().prepare(Image.new("RGB", (9, 9), name))[0, 0]
        assert abs(lightness / 2.55 - expected[0]) < 1
        assert abs(a.astype(np.int8) - expected[1]) <= 1
        assert abs(b.astype(np.int8) - expected[2]) <= 1


@given(RGB)
def test_a_histogram_is_of_unit_length(rgb: tuple[int, int, int]) -> None:
    (vector,) = features(Image.new("RGB", (8, 8), rgb))
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-2)  # stored in half precision
    assert (vector >= 0).all()
    assert np.count_nonzero(vector) <= 8


@given(RGB, st.integers(-3, 3))
def test_a_slight_change_of_colour_is_a_slight_change(rgb: tuple[int, int, int], by: int) -> None:
    other = tuple(np.clip(np.array(rgb) + by, 0, 255).tolist())
    before, after = features(Image.new("RGB", (8, 8), rgb), Image.new("RGB", (8, 8), other))
    assert before @ after > 0.75


def test_a_mirrored_picture_has_the_same_colours() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (90, 60, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    there, back = features(picture, ImageOps.mirror(picture))
    assert there @ back > 0.99


def test_shares_of_colour_tell_pictures_apart() -> None:
    red, blue = Image.new("RGB", (10, 10), "red"), Image.new("RGB", (10, 10), "blue")
    half = Image.new("RGB", (10, 10), "red")
    half.paste(blue.crop((0, 0, 5, 10)), (0, 0))
    a, b, mixed = features(red, blue, half)
    assert a @ b < 0.01
    assert np.isclose(mixed @ a, np.sqrt(0.5), atol=0.05)
    assert np.isclose(mixed @ b, np.sqrt(0.5), atol=0.05)
