"""Whatever becomes of a file on its way, it is a picture or a refusal: no other error, no warning."""

import io
from typing import Final

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from enfilade.errors import RefusedImageError
from enfilade.images import REASONS, Fit, Limits, decode, render

LIMITS: Final = Limits(max_pixels=1_000_000, min_side=1)


def _store(mode: str, file_format: str, **options: object) -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[274] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    buffer = io.BytesIO()
    picture = Image.fromarray(noise).convert("L").convert(mode) if mode == "I;16" else Image.fromarray(noise)
    picture.convert(mode).save(buffer, file_format, exif=exif, icc_profile=profile, **options)
    return buffer.getvalue()


FILES: Final = [
    _store("RGB", "JPEG"),
    _store("CMYK", "JPEG"),
    _store("RGB", "JPEG", progressive=True),
    _store("RGBA", "PNG"),
    _store("P", "PNG", transparency=3),
    _store("I;16", "PNG"),
    _store("RGBA", "WEBP"),
    _store("P", "GIF"),
    _store("RGB", "TIFF"),
    _store("F", "TIFF"),
    _store("RGB", "TIFF", compression="tiff_lzw"),
    _store("1", "TIFF", compression="group4"),
    _store("RGB", "BMP"),
    _store("RGBA", "AVIF"),
    _store("RGB", "JPEG2000"),
]


def survives(data: bytes) -> None:
    try:
        picture = decode(data, limits=LIMITS, scale=Fit(64))
    except RefusedImageError as error:
        outcome = error.reason
    else:
        outcome = picture.pixels.mode
        assert render(picture)
    assert outcome in {"RGB", *REASONS}


files = st.sampled_from(FILES)
unhurried = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(files, st.floats(0, 1))
def test_cutting_a_file_short_gives_a_picture_or_a_refusal(data: bytes, where: float) -> None:
    survives(data[: int(len(data) * where)])


@unhurried
@given(files, st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_changing_bytes_gives_a_picture_or_a_refusal(data: bytes, changes: list[tuple[float, int]]) -> None:
    changed = bytearray(data)
    for where, byte in changes:
        changed[int(len(data) * where)] = byte
    survives(bytes(changed))


@unhurried
@given(files, st.lists(st.tuples(st.integers(0, 199), st.integers(0, 255)), min_size=1, max_size=4))
def test_changing_headers_gives_a_picture_or_a_refusal(data: bytes, changes: list[tuple[int, int]]) -> None:
    changed = bytearray(data)
    for where, byte in changes:
        changed[where % len(data)] = byte
    survives(bytes(changed))


@unhurried
@given(st.binary(max_size=400))
def test_any_bytes_give_a_picture_or_a_refusal(data: bytes) -> None:
    survives(data)
