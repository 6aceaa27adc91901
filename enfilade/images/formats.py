"""Tell by its first bytes what a file is, and whether it is taken. Knows no file names and decodes nothing."""

from types import MappingProxyType
from typing import Literal

from enfilade.errors import RefusedImageError
from enfilade.images.refusals import refusal

__all__ = ["FORMATS", "cut_short", "recognise"]

# An allowlist: every other parser in Pillow stays out of reach of strangers' files
FORMATS = MappingProxyType(
    {
        "JPEG": "image/jpeg",  # nearly every photograph, and what most museums publish; MPO is a JPEG first
        "PNG": "image/png",  # screenshots, drawings, lossless exports
        "WEBP": "image/webp",  # what the web serves now, and what browsers save
        "GIF": "image/gif",  # old web collections
        "TIFF": "image/tiff",  # archival masters
        "BMP": "image/bmp",  # old scanners
        "AVIF": "image/avif",  # what the web begins to serve
        "JPEG2000": "image/jp2",  # archival masters of libraries
    },
)

_TAKEN = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II\x2a\x00", "TIFF"),
    (b"MM\x00\x2a", "TIFF"),
    (b"II\x2b\x00", "TIFF"),
    (b"MM\x00\x2b", "TIFF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
)

_CONVERT = "Convert it to JPEG or PNG first."
_EXPORT = "Export it as JPEG or PNG first."
_DEVELOP = "Develop it to JPEG or TIFF first."
_STILL = "Take a still from it first."
_UNPACK = "Unpack it first."

_REFUSED = (
    (0, b"8BPS", "a Photoshop document", _EXPORT),
    (0, b"%PDF", "a PDF document", _EXPORT),
    (0, b"%!PS", "a PostScript document", _EXPORT),
    (0, b"gimp xcf", "a GIMP document", _EXPORT),
    (0, b"AT&TFORM", "a DjVu document", _EXPORT),
    (0, b"\x00\x00\x01\x00", "a Windows icon", _CONVERT),
    (0, b"icns", "a macOS icon", _CONVERT),
    (0, b"\xff\x0a", "a JPEG XL picture", _CONVERT),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture", _CONVERT),
    (0, b"II\xbc", "a JPEG XR picture", _CONVERT),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture", _CONVERT),
    (0, b"#?RADIANCE", "a Radiance HDR picture", _CONVERT),
    (0, b"DDS ", "a DDS texture", _CONVERT),
    (0, b"qoif", "a QOI picture", _CONVERT),
    (0, b"SIMPLE  =", "a FITS picture", _CONVERT),
    (128, b"DICM", "a DICOM picture", _CONVERT),
    (8, b"CR\x02", "a camera's raw file", _DEVELOP),
    (0, b"FUJIFILMCCD-RAW", "a camera's raw file", _DEVELOP),
    (0, b"IIU\x00", "a camera's raw file", _DEVELOP),
    (0, b"IIRO", "a camera's raw file", _DEVELOP),
    (0, b"\x1a\x45\xdf\xa3", "a video", _STILL),
    (0, b"PK\x03\x04", "a ZIP archive or office document", _UNPACK),
    (0, b"\x1f\x8b", "a gzip archive", _UNPACK),
    (-18, b"TRUEVISION-XFILE.", "a TGA picture", _CONVERT),
)

_NETPBM = tuple(b"P%c%c" % (digit, space) for digit in b"1234567Ff" for space in b" \t\r\n")
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})  # the sizes of every BMP header there is
_BOXES = 64
_BOX_HEADER = 8
_NOT_IN_TEXT = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b")


def recognise(data: bytes) -> str:
    """Return the format's key in FORMATS. Raises RefusedImageError, saying what the file seems to be."""
    for offset, magic, name, advice in _REFUSED:
        start = offset if offset >= 0 else len(data) + offset
        if data.startswith(magic, max(start, 0)):
            raise _unsupported(name, advice)
    for magic, taken in _TAKEN:
        if data.startswith(magic):
            return taken
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if data[4:8] == b"ftyp":
        return _recognise_brand(data)
    if data.startswith(_NETPBM):
        raise _unsupported("a Netpbm picture", _CONVERT)
    raise _unknown(data[:1024])


def cut_short(kind: str, data: bytes) -> bool:
    """Tell whether a file that could not be read plainly ends before its end."""
    if kind == "PNG":
        return b"IEND" not in data
    if kind == "WEBP":
        return 8 + int.from_bytes(data[4:8], "little") > len(data)
    if kind == "TIFF":
        order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
        return int.from_bytes(data[4:8], order) >= len(data)
    if kind in {"AVIF", "JPEG2000"} and data.startswith(b"\0\0"):
        return _end_of_boxes(data) > len(data)
    return False


def _end_of_boxes(data: bytes) -> int:
    """Walk the boxes at the top, of which no picture has many (ISO/IEC 14496-12, 4.2)."""
    at = 0
    for _ in range(_BOXES):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < _BOX_HEADER:  # to the end of the file, or longer than 4 bytes can tell
            break
        at += size
    return at


def _recognise_brand(data: bytes) -> str:
    """ISO media files name themselves in brands of four letters (ISO/IEC 14496-12, 4.3)."""
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    brands = {box[i : i + 4] for i in range(0, len(box), 4)}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        raise _unsupported("a HEIC photo", "Convert it to JPEG first (phones can share it as “most compatible”).")
    if b"crx " in brands:
        raise _unsupported("a camera's raw file", _DEVELOP)
    raise _unsupported("a video", _STILL)


def _unknown(start: bytes) -> RefusedImageError:
    lower = start.lower()
    if b"<svg" in lower:
        return _unsupported("an SVG drawing", _EXPORT)
    if b"<html" in lower or b"<!doctype html" in lower:
        return refusal("not_an_image", "The file is a web page, not a picture.")
    if not set(start) & _NOT_IN_TEXT:
        return refusal("not_an_image", "The file is text, not a picture.")
    return refusal("not_an_image")


def _unsupported(name: str, advice: str) -> RefusedImageError:
    return refusal("unsupported_format", f"The file is {name}, which this server does not take. {advice}")
