import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageCms

from enfilade.images import decode

D50 = b"XYZ " + bytes(4) + struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)


@pytest.fixture(scope="module")
def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="module")
def swapped(srgb: bytes) -> bytes:
    """A profile whose first channel is green and whose second is red."""
    renamed = srgb.replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be"))
    red, green = renamed.index(b"rXYZ"), renamed.index(b"gXYZ")
    tags = bytearray(renamed)
    tags[red : red + 4], tags[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(tags)


def make_profile(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """The least that makes an ICC profile (ICC.1:2001-04): a header, a table of tags and the tags."""
    table, body, at = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", at + len(body), len(content))
        body += padded
    white = struct.pack(">iii", 0xF6D6, 0x10000, 0xD32D)
    header = bytes(4) + bytes(4) + b"\x02\x40\0\0" + b"prtr" + space + connection + bytes(12) + b"acsp"
    header += bytes(28) + white + bytes(48)
    profile = header + table + body
    assert len(header) == 128
    return struct.pack(">I", len(profile)) + profile[4:]


@pytest.fixture(scope="module")
def ink() -> bytes:
    """A CMYK profile in which any full ink is a middle grey, and no ink is white."""
    lattice = bytes([255, 128, 128]) + bytes([128, 128, 128]) * 15
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + lattice + ramp * 3
    return make_profile(b"CMYK", b"Lab ", {b"A2B0": table, b"wtpt": D50})


@pytest.fixture(scope="module")
def linear() -> bytes:
    """A grey profile in which a sample is proportional to light."""
    return make_profile(b"GRAY", b"XYZ ", {b"kTRC": b"curv" + bytes(8), b"wtpt": D50})


def middle(data: bytes) -> tuple[int, ...]:
    colour = decode(data).pixels.getpixel((16, 16))
    assert isinstance(colour, tuple)
    return colour


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
def test_an_embedded_profile_is_obeyed(file_format: str, swapped: bytes, encode: Callable[..., bytes]) -> None:
    picture = Image.new("RGB", (32, 32), (200, 20, 20))
    red, green, blue = middle(encode(picture, file_format, icc_profile=swapped, quality=95))
    assert green == pytest.approx(200, abs=5)
    assert (red, blue) == pytest.approx((20, 20), abs=6)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_a_cmyk_profile_is_obeyed(file_format: str, ink: bytes, encode: Callable[..., bytes]) -> None:
    for inks, expected in {(0, 0, 0, 0): 255, (0, 255, 0, 0): 119, (255, 0, 255, 255): 119}.items():
        data = encode(Image.new("CMYK", (32, 32), inks), file_format, icc_profile=ink)
        assert middle(data) == pytest.approx((expected,) * 3, abs=3)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF"])
def test_a_grey_profile_is_obeyed(file_format: str, linear: bytes, encode: Callable[..., bytes]) -> None:
    data = encode(Image.new("L", (32, 32), 55), file_format, icc_profile=linear)
    assert middle(data) == pytest.approx((128,) * 3, abs=3)


def test_a_profile_says_nothing_of_transparency(swapped: bytes, encode: Callable[..., bytes]) -> None:
    assert middle(encode(Image.new("RGBA", (32, 32), (200, 20, 20, 0)), "PNG", icc_profile=swapped)) == (255,) * 3


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK"])
def test_a_profile_that_is_srgb_or_broken_or_does_not_fit_changes_nothing(
    mode: str, srgb: bytes, swapped: bytes, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    picture = scene.convert(mode)
    plain = decode(encode(picture, "TIFF")).pixels
    unfitting = struct.pack(">I", len(swapped)) + swapped[4:16] + b"CMYK" + swapped[20:]
    if mode == "CMYK":
        unfitting = swapped
    for profile in (srgb, b"no profile", swapped[:200], unfitting):
        assert decode(encode(picture, "TIFF", icc_profile=profile)).pixels == plain


def test_lab_is_read_as_lab(encode: Callable[..., bytes]) -> None:
    # CIE Lab of sRGB's red is 54.3, 80.8, 69.9 under D50; Pillow stores a and b plus 128
    lab = Image.merge("LAB", [Image.new("L", (32, 32), value) for value in (138, 209, 198)])
    assert middle(encode(lab, "TIFF")) == pytest.approx((255, 0, 0), abs=6)


def test_a_cmyk_jpeg_of_adobe_is_not_a_negative(encode: Callable[..., bytes]) -> None:
    data = encode(Image.new("CMYK", (32, 32), (0, 0, 0, 0)), "JPEG")
    assert b"Adobe" in data
    assert middle(data) == pytest.approx((255, 255, 255), abs=2)


def test_threads_share_transforms_without_mixing_colours(swapped: bytes, encode: Callable[..., bytes]) -> None:
    random = np.random.default_rng(7)
    noise = [Image.fromarray(random.integers(0, 256, (64, 64, 3), dtype=np.uint8)) for _ in range(8)]
    files = [encode(picture, "PNG", icc_profile=swapped) for picture in noise]
    alone = [decode(data).pixels for data in files]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda turn: decode(files[turn % 8]).pixels, range(400)))
    assert all(pixels == alone[turn % 8] for turn, pixels in enumerate(together))
