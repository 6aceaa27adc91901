from collections.abc import Callable

import pytest
from PIL import Image

from enfilade.errors import RefusedImageError
from enfilade.images import REASONS, decode

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
RAW_TAGS = {254: 1, 330: 8}


def refused(data: bytes) -> RefusedImageError:
    with pytest.raises(RefusedImageError) as caught:
        decode(data)
    assert caught.value.reason in REASONS
    assert str(caught.value) == caught.value.detail
    return caught.value


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (HEIC + bytes(99), "HEIC"),
        (b"8BPS" + bytes(99), "Photoshop"),
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"P6 16 16 255\n" + bytes(768), "Netpbm"),
        (b"\0\0\x01\0\x01\0" + bytes(99), "icon"),
        (b"\xff\x0a" + bytes(99), "JPEG XL"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isommp41", "video"),
        (b"PK\3\4" + bytes(99), "ZIP"),
        (b"II*\0\x10\0\0\0CR\2\0" + bytes(99), "raw"),
        (bytes(128) + b"DICM" + bytes(99), "DICOM"),
        (bytes(99) + b"TRUEVISION-XFILE.\0", "TGA"),
    ],
)
def test_what_is_refused_is_called_by_its_name(data: bytes, named: str) -> None:
    error = refused(data)
    assert error.reason == "unsupported_format"
    assert named in error.detail
    assert "first." in error.detail or "(" in error.detail  # says what to do


@pytest.mark.parametrize("file_format", ["PPM", "ICO", "TGA", "DDS", "ICNS", "PDF", "EPS", "QOI", "PCX", "SGI"])
def test_no_other_parser_of_pillow_is_reached(
    file_format: str, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    assert refused(encode(scene, file_format)).reason in {"unsupported_format", "not_an_image"}


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"this is no picture", "text"),
        ("also eine Sch\u00e4ferszene".encode(), "text"),
        (b"BMW builds cars", "text"),
        (b"<!DOCTYPE html><html><body>404 Not Found", "web page"),
        (bytes(range(256)), "not a picture"),
        (b"\0", "not a picture"),
    ],
)
def test_what_is_no_picture_is_told_apart(data: bytes, named: str) -> None:
    error = refused(data)
    assert error.reason == "not_an_image"
    assert named in error.detail


@pytest.mark.parametrize("data", [b"GIF89a\1", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0\xff\xff\0\0"])
def test_a_picture_that_stops_after_its_first_bytes_is_no_mystery(data: bytes) -> None:
    assert refused(data).reason in {"truncated", "corrupt"}


def test_a_raw_file_is_not_mistaken_for_its_tiny_preview(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    error = refused(encode(scene, "TIFF", tiffinfo=RAW_TAGS))
    assert error.reason == "unsupported_format"
    assert "raw" in error.detail


def test_junk_after_the_end_harms_nothing(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    for file_format in ("JPEG", "PNG", "GIF", "WEBP"):
        assert decode(encode(scene, file_format) + b"junk" * 50).width == scene.width
