"""Make Pillow read a stranger's file: one parser, no warnings, every failure a refusal. Knows no colours."""

import io
import logging
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

# Naming the parsers registers them, without importing the forty others that Image.init() would
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from enfilade.images.formats import cut_short
from enfilade.images.refusals import refusal

__all__ = ["UNREADABLE", "load", "open_first", "refusing"]

_PARSERS: Final = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

# What Pillow's parsers raise on damaged files, found by reading and by flipping bytes; UnidentifiedImageError is
# an OSError, RuntimeError is libavif's
UNREADABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)

_QUIET: Final = ("ignore", None, Warning, re.compile(r"PIL\."), 0)
logging.getLogger("PIL").addHandler(logging.NullHandler())  # a refusal says it; stderr need not say it again


def _hush() -> None:
    """Keep Pillow's warnings about damaged files from anyone, in every thread.

    Not catch_warnings, which restores the wrong filters when threads leave it in another order than they came.
    """
    if not warnings.filters or warnings.filters[0] != _QUIET:
        warnings.filterwarnings("ignore", module=r"PIL\.")


@contextmanager
def refusing(kind: str, data: bytes) -> Iterator[None]:
    """Turn whatever Pillow raises over this file of this kind into RefusedImageError."""
    _hush()
    try:
        yield
    except Image.DecompressionBombError as error:
        raise refusal("too_many_pixels") from error
    except MemoryError as error:
        raise refusal("too_much_memory") from error
    except UNREADABLE as error:
        said = str(error).lower()
        short = "truncated" in said or "expected to read" in said or cut_short(kind, data)
        raise refusal("truncated" if short else "corrupt") from error


def open_first(kind: str, data: bytes) -> ImageFile.ImageFile:
    """Read the header of the first picture in the file; no pixel is decoded."""
    return Image.open(io.BytesIO(data), formats=(kind,))


def load(image: ImageFile.ImageFile, data: bytes, least: tuple[int, int]) -> ImageFile.ImageFile:
    """Decode the pixels, at a fraction of their number where the format can and no side falls below the least."""
    if image.format == "JPEG2000":
        return _load_jpeg2000(data, max(image.size) // max(least))
    if image.format in {"JPEG", "MPO"}:
        image.draft(None, least)
    image.load()
    return image


def _load_jpeg2000(data: bytes, ratio: int) -> ImageFile.ImageFile:
    """Try the resolution levels from the smallest that is large enough.

    Nothing tells beforehand how many levels a file has, and OpenJPEG refuses one that is missing at once.
    """
    for level in range(max(ratio, 1).bit_length() - 1, 0, -1):
        with suppress(OSError):
            return _load_level(data, level)
    return _load_level(data, 0)


def _load_level(data: bytes, level: int) -> ImageFile.ImageFile:
    image = Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))
    image.reduce = level
    image.load()
    return image
