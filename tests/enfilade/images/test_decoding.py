import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from enfilade.errors import RefusedImageError
from enfilade.images import FORMATS, Fit, Picture, decode

ORIENTATION = 274
INVERSE = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference of samples, of 255."""
    assert one.mode == other.mode == "RGB"
    assert one.size == other.size
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


def stored_turned(scene: Image.Image, orientation: int) -> tuple[Image.Image, Image.Exif]:
    turn = INVERSE[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return (scene if turn is None else scene.transpose(turn)), exif


@pytest.mark.parametrize("file_format", [*FORMATS, "MPO"])
def test_every_format_taken_comes_out_as_it_went_in(
    file_format: str, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    picture = decode(encode(scene, file_format))
    limit = 20 if file_format == "GIF" else 4  # the palette is coarse
    assert difference(picture.pixels, scene) < limit
    assert (picture.width, picture.height) == scene.size
    assert picture.media_type == FORMATS.get(file_format, "image/jpeg")


@pytest.mark.parametrize("orientation", INVERSE)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "MPO"])
def test_every_exif_orientation_comes_out_upright(
    file_format: str, orientation: int, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    stored, exif = stored_turned(scene, orientation)
    picture = decode(encode(stored, file_format, exif=exif))
    assert difference(picture.pixels, scene) < 4
    assert (picture.width, picture.height) == scene.size


@pytest.mark.parametrize("orientation", INVERSE)
def test_a_large_photo_is_upright_at_reduced_scale(
    orientation: int, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    large = scene.resize((2400, 1600))
    stored, exif = stored_turned(large, orientation)
    picture = decode(encode(stored, "JPEG", exif=exif), scale=Fit(240))
    assert (picture.width, picture.height) == (2400, 1600)
    assert difference(picture.pixels, scene) < 4


def test_orientation_in_an_imagemagick_chunk_counts(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    stored, exif = stored_turned(scene, 6)
    text = b"\nexif\n%8d\n" % len(exif.tobytes()) + exif.tobytes().hex().encode() + b"\n"
    body = b"zTXtRaw profile type exif\0\0" + zlib.compress(text)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = encode(stored, "PNG")
    assert difference(decode(data[:33] + chunk + data[33:]).pixels, scene) < 1


@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0nonsense" * 9])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_is_ignored_in_silence(
    file_format: str, exif: bytes, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    assert difference(decode(encode(scene, file_format, exif=exif)).pixels, scene) < 4


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "MPO"])
def test_of_many_frames_the_first_is_taken(file_format: str, scene: Image.Image, encode: Callable[..., bytes]) -> None:
    others = [Image.new("RGB", scene.size, shade) for shade in ("black", "white")]
    data = encode(scene, file_format, save_all=True, append_images=others)
    limit = 20 if file_format == "GIF" else 4
    assert difference(decode(data).pixels, scene) < limit


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "JPEG2000", "TIFF"])
@pytest.mark.parametrize("size", [(1, 2), (1201, 800), (2717, 3701), (1199, 17)])
def test_pixels_fit_the_side_and_are_never_enlarged(
    file_format: str, size: tuple[int, int], encode: Callable[..., bytes]
) -> None:
    width, height = max(size[0], 16), max(size[1], 16)
    picture = decode(encode(Image.new("RGB", (width, height), "teal"), file_format), scale=Fit(600))
    assert (picture.width, picture.height) == (width, height)
    assert max(picture.pixels.size) == min(max(width, height), 600)
    assert picture.pixels.width / picture.pixels.height == pytest.approx(width / height, rel=0.08)
    assert difference(picture.pixels, Image.new("RGB", picture.pixels.size, "teal")) < 2


@pytest.mark.parametrize("file_format", FORMATS)
def test_pixels_keep_nothing_of_the_file(file_format: str, scene: Image.Image, encode: Callable[..., bytes]) -> None:
    pixels = decode(encode(scene, file_format)).pixels
    assert type(pixels) is Image.Image
    assert pixels.info == {}


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_cut_in_half_is_refused_as_truncated(
    file_format: str, scene: Image.Image, encode: Callable[..., bytes]
) -> None:
    noisy = Image.effect_noise(scene.size, 90).convert("RGB")
    data = encode(noisy, file_format)
    with pytest.raises(RefusedImageError) as refused:
        decode(data[: len(data) // 2])
    assert refused.value.reason == "truncated"


def test_threads_agree_with_one_another(scene: Image.Image, encode: Callable[..., bytes]) -> None:
    files = [encode(scene.rotate(angle), "JPEG") for angle in range(8)]
    alone = [decode(data) for data in files]

    def agrees(turn: int) -> bool:
        picture: Picture = decode(files[turn % 8])
        return picture.pixels == alone[turn % 8].pixels

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(agrees, range(160)))
