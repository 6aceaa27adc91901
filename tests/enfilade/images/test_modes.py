from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from enfilade.images import Fit, decode

RAMP = np.tile(np.linspace(0, 1, 64), (32, 1))


def grey(data: bytes) -> NDArray[np.float64]:
    """The decoded samples as 0 to 1, (height, width), all three channels being equal."""
    samples = np.asarray(decode(data).pixels, np.float64) / 255
    assert np.ptp(samples, axis=2).max() == 0
    return samples[:, :, 0]


def close(data: bytes, expected: NDArray[np.float64] = RAMP) -> bool:
    return bool(np.abs(grey(data) - expected).max() < 0.01)


def corners(data: bytes) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters, clockwise from the upper left."""
    pixels = decode(data).pixels
    width, height = pixels.size
    places = [(1, 1), (3, 1), (3, 3), (1, 3)]
    found = [pixels.getpixel((x * width // 4, y * height // 4)) for x, y in places]
    assert all(isinstance(colour, tuple) for colour in found)
    return [colour for colour in found if isinstance(colour, tuple)]


def same(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], within: int) -> bool:
    return bool(np.abs(np.array(found) - np.array(expected)).max() <= within)


@pytest.fixture(scope="module")
def colours(scene: Image.Image, encode: Callable[..., bytes]) -> list[tuple[int, ...]]:
    return corners(encode(scene, "PNG"))


@pytest.mark.parametrize(
    ("mode", "file_format"),
    [
        ("P", "PNG"),
        ("P", "GIF"),
        ("P", "BMP"),
        ("P", "TIFF"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
        ("RGBA", "AVIF"),
        ("RGBA", "TIFF"),
        ("RGBX", "TIFF"),
        ("CMYK", "TIFF"),
        ("CMYK", "JPEG"),
    ],
)
def test_every_way_of_storing_colours_gives_the_same_colours(
    mode: str,
    file_format: str,
    scene: Image.Image,
    colours: list[tuple[int, ...]],
    encode: Callable[..., bytes],
) -> None:
    stored = scene.quantize(16) if mode == "P" else scene.convert(mode)
    assert same(corners(encode(stored, file_format)), colours, within=12)


@pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_every_compression_of_tiff_gives_the_same_colours(
    compression: str, scene: Image.Image, colours: list[tuple[int, ...]], encode: Callable[..., bytes]
) -> None:
    assert same(corners(encode(scene, "TIFF", compression=compression)), colours, within=12)


@pytest.mark.parametrize(("mode", "file_format"), [("L", "PNG"), ("L", "JPEG"), ("LA", "PNG"), ("L", "TIFF")])
def test_grey_stays_grey(mode: str, file_format: str, encode: Callable[..., bytes]) -> None:
    ramp = Image.fromarray(np.rint(RAMP * 255).astype(np.uint8))
    assert close(encode(ramp.convert(mode), file_format))


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "BMP", "GIF"])
def test_one_bit_is_black_and_white(file_format: str, encode: Callable[..., bytes]) -> None:
    halves = RAMP > 0.5
    assert close(encode(Image.fromarray(halves), file_format), halves.astype(np.float64))


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "JPEG2000"])
def test_sixteen_bits_keep_their_shades(file_format: str, encode: Callable[..., bytes]) -> None:
    assert close(encode(Image.fromarray(np.rint(RAMP * 65535).astype(np.uint16)), file_format))


@pytest.mark.parametrize("bits", [8, 10, 12, 14])
def test_fewer_bits_in_sixteen_are_not_black(bits: int, encode: Callable[..., bytes]) -> None:
    ramp = Image.fromarray(np.rint(RAMP * (2**bits - 1)).astype(np.uint16))
    assert close(encode(ramp, "TIFF"))


def test_a_tiff_that_names_its_white_is_believed(encode: Callable[..., bytes]) -> None:
    ramp = Image.fromarray(np.rint(RAMP * 3000).astype(np.uint16))
    assert close(encode(ramp, "TIFF", tiffinfo={281: 6000}), RAMP / 2)


def test_a_tiff_that_counts_from_white_is_not_a_negative(encode: Callable[..., bytes]) -> None:
    ramp = Image.fromarray(np.rint((1 - RAMP) * 65535).astype(np.uint16))
    data = encode(ramp, "TIFF")
    black_is_zero = b"\x06\x01\x03\x00\x01\x00\x00\x00\x01"
    assert close(data.replace(black_is_zero, black_is_zero[:-1] + b"\x00"))


@pytest.mark.parametrize("scale", [1.0, 255.0])
def test_floats_keep_their_shades(scale: float, encode: Callable[..., bytes]) -> None:
    assert close(encode(Image.fromarray((RAMP * scale).astype(np.float32)), "TIFF"))


def test_floats_of_any_range_fill_it(encode: Callable[..., bytes]) -> None:
    samples = (RAMP * 7000 - 2000).astype(np.float32)
    samples[0, :3] = np.nan, np.inf, -np.inf
    found = grey(encode(Image.fromarray(samples), "TIFF"))
    assert np.abs(found - RAMP)[1:].max() < 0.01


def test_thirty_two_bits_fill_their_range(encode: Callable[..., bytes]) -> None:
    assert close(encode(Image.fromarray((RAMP * 2e9).astype(np.int32)), "TIFF"))


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_what_is_transparent_is_white(file_format: str, encode: Callable[..., bytes]) -> None:
    clear = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    half = Image.new("RGBA", (32, 32), (0, 0, 0, 128))
    assert decode(encode(clear, file_format, lossless=True)).pixels.getpixel((9, 9)) == (255, 255, 255)
    assert decode(encode(half, file_format, lossless=True)).pixels.getpixel((9, 9)) == (127, 127, 127)


@pytest.mark.parametrize(
    ("mode", "colour", "transparency"),
    [("L", 40, 40), ("RGB", (1, 2, 3), (1, 2, 3)), ("1", 0, 0), ("P", 7, 7), ("P", 7, bytes(8)), ("I;16", 9, 9)],
)
def test_a_transparent_colour_is_white(
    mode: str,
    colour: int | tuple[int, ...],
    transparency: int | tuple[int, ...] | bytes,
    encode: Callable[..., bytes],
) -> None:
    picture = Image.new(mode, (32, 32), colour)
    if mode == "P":
        picture.putpalette([index % 256 for index in range(768)])
    data = encode(picture, "PNG", transparency=transparency)
    assert decode(data).pixels.getpixel((9, 9)) == (255, 255, 255)


def test_nothing_hidden_under_transparency_shows_when_shrunk(encode: Callable[..., bytes]) -> None:
    striped = np.zeros((640, 640, 4), np.uint8)
    striped[:, ::2] = 255  # white and opaque, between black and clear
    pixels = decode(encode(Image.fromarray(striped), "PNG"), scale=Fit(64)).pixels
    assert pixels.getextrema() == ((255, 255),) * 3
