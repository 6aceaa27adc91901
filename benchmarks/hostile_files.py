"""Files made to harm who reads them: bombs, polyglots, and what chance makes of any file. Knows no HTTP."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from PIL import Image

__all__ = ["FILES", "harmless", "seeds"]

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000")
SIDE = 7000
"""Of the largest pictures: 49 megapixels, just under what a server takes of strangers."""
_PNG = b"\x89PNG\r\n\x1a\n"


def harmless() -> bytes:
    """Make a picture that anybody may bring."""
    return _stored(Image.effect_noise((1600, 1200), 40).convert("RGB"), "JPEG", quality=85)


def seeds(folder: Path | None) -> list[bytes]:
    """Read the files of a folder, or make some of every format."""
    if folder is not None:
        return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    made = [_stored(picture, kind) for kind in FORMATS]
    frames = [Image.new("P", (64, 64), colour % 256) for colour in range(300)]
    return [
        *made,
        _stored(picture.convert("CMYK"), "JPEG"),
        _stored(picture, "JPEG", progressive=True),
        _stored(picture.convert("RGBA"), "PNG"),
        _stored(picture.convert("F"), "TIFF"),
        _stored(picture, "TIFF", compression="tiff_lzw"),
        _stored(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    ]


def _stored(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _cut(chance: Random, file: bytes) -> bytes:
    return file[: chance.randrange(len(file) + 1)]


def _flipped(chance: Random, file: bytes) -> bytes:
    changed = bytearray(file)
    for _ in range(chance.choice((1, 4, 16, 256)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _header_flipped(chance: Random, file: bytes) -> bytes:
    return _flipped(chance, file[:256]) + file[256:]


def _swapped(chance: Random, file: bytes, other: bytes) -> bytes:
    length = chance.choice((4, 8, 16, 64))
    return other[:length] + file[length:]


def _polyglot(chance: Random, file: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("../../evil.html", "<script>alert(1)</script>")
    return chance.choice((file + archive.getvalue(), b"<html><script>alert(1)</script>" + file, b"%PDF-1.7\n" + file))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    return _PNG + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + b"".join(chunks)


def _declared() -> list[bytes]:
    """Make files that say they are larger than they are, or hold more than they say."""
    much = zlib.compress(bytes(64 * 2**20), 9)
    some = _chunk(b"IDAT", zlib.compress(bytes(300 * 100)))
    gif = _stored(Image.new("P", (64, 64)), "GIF")
    return [
        _png(100_000, 100_000, some),
        _png(2**31 - 1, 1, some),
        _png(100, 100, _chunk(b"IDAT", much)),
        _png(100, 100, _chunk(b"zTXt", b"Comment\0\0" + much), some),
        _png(100, 100, _chunk(b"iCCP", b"profile\0\0" + much), some),
        _png(100, 100, _chunk(b"IDAT", b"") * 50_000, some),
        gif[:6] + b"\xff\xff\xff\xff" + gif[10:],
        b"II*\0\x08\0\0\0\xff\xff" + bytes(range(256)) * 3072,
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 2**30, -(2**30), 1, 24, 0, 0, 0, 0, 0, 0),
    ]


def _costly() -> list[bytes]:
    """Make small files of as many pixels as are taken, and one that is stored in nearly as many passes."""
    flat = Image.new("RGB", (SIDE, SIDE), (90, 120, 150))
    passes = _stored(flat.resize((3000, 3000)), "JPEG", progressive=True)
    last = passes.rindex(b"\xff\xda")
    return [
        _stored(flat, "PNG"),
        _stored(flat.convert("RGBA"), "PNG"),
        _stored(flat, "WEBP", method=0),
        _stored(flat.resize((SIDE // 2, SIDE // 2)), "JPEG2000"),
        _stored(flat.resize((SIDE // 2, SIDE // 2)), "AVIF", speed=10),
        _stored(flat, "TIFF", compression="tiff_lzw"),
        passes[:last] + passes[last:-2] * 85 + passes[-2:],
    ]


class Bombs:
    """Bombs, made once."""

    def __init__(self) -> None:
        self.declared, self.costly = _declared(), _costly()


_bombs: list[Bombs] = []


def _bomb(chance: Random) -> bytes:
    if not _bombs:
        _bombs.append(Bombs())
    return chance.choice(_bombs[0].costly if chance.random() < COSTLY_SHARE else _bombs[0].declared)


COSTLY_SHARE = 0.1
FILES: dict[str, Callable[[Random, Sequence[bytes]], bytes]] = {
    "as it is": lambda chance, files: chance.choice(files),
    "cut short": lambda chance, files: _cut(chance, chance.choice(files)),
    "bits flipped": lambda chance, files: _flipped(chance, chance.choice(files)),
    "header flipped": lambda chance, files: _header_flipped(chance, chance.choice(files)),
    "header of another": lambda chance, files: _swapped(chance, chance.choice(files), chance.choice(files)),
    "two in one": lambda chance, files: _polyglot(chance, chance.choice(files)),
    "bomb": lambda chance, _: _bomb(chance),
}
"""What is sent, by name: how it is made of some files."""
