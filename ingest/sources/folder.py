"""A folder of pictures, with all the folders in it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from enfilade.errors import RefusedImageError
from ingest.sources.candidate import Candidate
from ingest.sources.naming import uri_of

__all__ = ["Folder"]

TAKEN = "jpg jpeg jpe jfif jif png apng webp gif tif tiff bmp dib avif avifs mpo jp2 j2k jpf jpx"
# Not taken, but their owner thinks of them as pictures, and is told why not.
REFUSED = "heic heif psd psb svg ico tga ppm pgm pbm pnm exr hdr cr2 cr3 nef arw dng raf orf rw2 jxl eps ai pdf"
PICTURES = frozenset(f".{suffix}" for suffix in f"{TAKEN} {REFUSED}".split())
MANIFESTS = ("metadata.csv", "metadata.tsv", "metadata.jsonl", "manifest.csv", "manifest.jsonl")
# First bytes of JPEG, PNG, GIF, RIFF (WebP), TIFF, BMP and JPEG 2000, for files whose names say nothing.
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM", b"\0\0\0\x0cjP  ")


class Folder:
    """Every file in a folder that looks like a picture by its name, or by its first bytes where it has no suffix.

    In the order of their paths. Hidden files and folders are passed over; links to folders are not followed.
    """

    def __init__(self, root: Path) -> None:
        self.uri = uri_of(root)
        self._closed: list[OSError] = []
        self._files = [path for path in _walk(root.absolute(), self._closed.append) if _looks_like_a_picture(path)]
        manifest = next((root / name for name in MANIFESTS if (root / name).is_file()), None)
        self.hint = (
            f"There is a {manifest.name} in it: to keep its titles and artists, ingest {manifest} instead."
            if manifest
            else None
        )

    def __len__(self) -> int:
        """Count the files."""
        return len(self._files) + len(self._closed)

    def __iter__(self) -> Iterator[Candidate]:
        """Yield the files."""
        for path in self._files:
            yield Candidate(uri=uri_of(path), path=path)
        for error in self._closed:
            problem = RefusedImageError("unreadable_file", f"The folder can't be read: {error.strerror}.")
            yield Candidate(uri=uri_of(Path(error.filename)), path=None, problem=problem)


def _walk(root: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    for folder, folders, files in os.walk(root, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(folder, name)


def _looks_like_a_picture(path: Path) -> bool:
    if path.suffix:
        return path.suffix.lower() in PICTURES
    if not path.is_file():  # opening a pipe would wait for ever
        return False
    try:
        with path.open("rb") as file:
            return file.read(16).startswith(SIGNATURES)
    except OSError:
        return False
