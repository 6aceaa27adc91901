import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageFile

from enfilade.errors import RefusedImageError
from enfilade.images import REASONS, Limits, decode

WIDE = 60_000


def reason(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(RefusedImageError) as refused:
        decode(data, limits=limits or Limits())
    assert refused.value.reason in REASONS
    assert refused.value.detail
    return refused.value.reason


def declare(data: bytes, file_format: str, side: int) -> bytes:
    """Rewrite the header so that the file claims to be side by side pixels."""
    if file_format == "PNG":
        header = b"IHDR" + struct.pack(">II", side, side) + data[24:29]
        return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
    if file_format == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        return data[:at] + struct.pack(">HH", side, side) + data[at + 4 :]
    at, fields = {"GIF": (6, "<HH"), "BMP": (18, "<ii")}[file_format]
    fields_size = struct.calcsize(fields)
    return data[:at] + struct.pack(fields, side, side) + data[at + fields_size :]


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "GIF", "BMP"])
@pytest.mark.parametrize("side", [WIDE, 13_000])
def test_a_bomb_is_refused_before_its_pixels_are_decoded(
    file_format: str,
    side: int,
    scene: Image.Image,
    encode: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = declare(encode(scene, file_format), file_format, side)
    monkeypatch.delattr(ImageFile.ImageFile, "load")
    assert reason(bomb) == "too_many_pixels"


def test_a_size_between_pillows_warning_and_its_error_is_silent(
    scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    large = declare(encode(scene, "PNG"), "PNG", 10_000)
    assert reason(large) == "truncated"
    assert reason(large, Limits(max_pixels=50_000_000)) == "too_many_pixels"


def test_no_limit_lifts_pillows_own(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    bomb = declare(encode(scene, "PNG"), "PNG", WIDE)
    assert reason(bomb, Limits(max_pixels=10**12)) == "too_many_pixels"


@pytest.mark.parametrize("size", [(1, 1), (4000, 8), (15, 15)])
def test_a_picture_with_a_side_too_short_is_refused(size: tuple[int, int], encode: Callable[..., bytes]) -> None:
    data = encode(Image.new("RGB", size), "PNG")
    assert reason(data) == "too_small"
    shortest = min(size)
    assert decode(data, limits=Limits(min_side=shortest)).width == size[0]


def test_too_few_and_too_many_bytes_are_refused(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    data = encode(scene, "JPEG")
    assert reason(b"") == "empty_file"
    assert reason(data, Limits(max_bytes=len(data) - 1)) == "too_many_bytes"
    assert decode(data, limits=Limits(max_bytes=len(data))).width == scene.width


def test_a_jpeg_of_countless_scans_is_refused(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    data = encode(scene, "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    assert decode(data).width == scene.width
    assert reason(data[:-2] + 200 * last + data[-2:]) == "too_many_scans"


def test_what_a_phone_appends_to_a_jpeg_is_no_scan(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "\xff\xda" * 200
    data = encode(scene, "JPEG", exif=exif, comment=b"\xff\xda" * 200)
    assert decode(data + b"\xff\xda" * 200).width == scene.width


def test_scans_are_counted_in_spite_of_false_ends_between_them(
    scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    data = encode(scene, "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    comment = b"\xff\xfe\x00\x04\xff\xd9"
    assert reason(data[:-2] + 200 * (comment + last) + data[-2:]) == "too_many_scans"


def test_a_compressed_text_that_explodes_is_refused(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    body = b"zTXtComment\0\0" + zlib.compress(bytes(100 * 2**20), 9)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = encode(scene, "PNG")
    assert reason(data[:33] + chunk + data[33:]) == "corrupt"


def test_scans_after_one_that_holds_all_of_the_picture_are_refused_without_being_decoded(
    scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    data = encode(scene, "JPEG")
    scan = data[data.index(b"\xff\xda") : -2]
    assert reason(data[:-2] + 5000 * scan + data[-2:]) == "corrupt"  # libjpeg: "Didn't expect more than one scan"
