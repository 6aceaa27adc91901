"""Turn the bytes of a file into a checked, upright picture. Knows no file names, no folders and no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image, ImageFile

from enfilade.images.colours import to_srgb
from enfilade.images.formats import FORMATS, recognise
from enfilade.images.limits import DEFAULT_LIMITS, Limits
from enfilade.images.modes import opaque
from enfilade.images.opening import UNREADABLE, load, open_first, refusing
from enfilade.images.refusals import refusal
from enfilade.images.scaling import PREVIEW_SIDE, Fit, Scale

__all__ = ["Picture", "decode"]

_TURNS: Final[Mapping[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_PREVIEW: Final = Fit(PREVIEW_SIDE)
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})

_NEW_SUBFILE_TYPE: Final = 254  # TIFF 6.0, section 8
_REDUCED: Final = 1
_SUB_IFDS: Final = 330  # TIFF, Adobe PageMaker 6.0 technical notes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has passed every check.

    pixels: RGB in sRGB, upright, what was transparent over white, of the size that was asked of decode.
    width, height: of the upright original at full resolution. media_type: by content, not by name.
    """

    pixels: Image.Image
    width: int
    height: int
    media_type: str


def decode(data: bytes, *, limits: Limits = DEFAULT_LIMITS, scale: Scale = _PREVIEW) -> Picture:
    """Check a stranger's file and read its first picture, at a scale.

    Safe in threads. Raises RefusedImageError with one of REASONS, and nothing else, whatever the bytes are.
    """
    limits.check_bytes(data)
    kind = recognise(data)
    with refusing(kind, data):
        image = open_first(kind, data)
        limits.check_size(*image.size)
        if kind == "JPEG":
            limits.check_scans(data)
        _check_raw(image)
        return _read(image, kind, data, scale)


def _check_raw(image: ImageFile.ImageFile) -> None:
    """Refuse DNG, NEF and ARW: TIFFs that open with a tiny preview and keep the photograph elsewhere."""
    tags = getattr(image, "tag_v2", {})
    if tags.get(_NEW_SUBFILE_TYPE) == _REDUCED and _SUB_IFDS in tags:
        detail = "The file is a camera's raw file, which this server does not take. Develop it to JPEG or TIFF first."
        raise refusal("unsupported_format", detail)


def _read(image: ImageFile.ImageFile, kind: str, data: bytes, scale: Scale) -> Picture:
    size = image.size
    image = load(image, data, scale.least(*size))
    if image.format == "TIFF":
        size = image.size  # Pillow has already turned it
    orientation = _orientation(image)
    pixels = to_srgb(scale.shrink(opaque(image)), image.info.get("icc_profile"))
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
    elif isinstance(pixels, ImageFile.ImageFile):
        pixels = pixels.copy()  # the file's own object would keep all its bytes in memory
    pixels.info = {}
    width, height = reversed(size) if orientation in _SIDEWAYS else size
    return Picture(pixels, width, height, FORMATS[kind])


def _orientation(image: ImageFile.ImageFile) -> object:
    """Read EXIF's orientation, 1 where there is none or EXIF is damaged."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except UNREADABLE:
        return 1
