"""Files of weights, kept in the data directory by their hash: copied from a file, or fetched. Knows no networks."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from http.client import HTTPException
from pathlib import Path

from enfilade.errors import BackboneError

__all__ = ["fetch_weights", "file_sha256", "keep_weights", "kept_weights", "list_kept"]

DIGITS = 16
"""Of a hash, in a file's name."""
HASH_IN_URL = re.compile(r"-([0-9a-f]{8,64})\.pth$")
"""torchvision ends its files' names with the first digits of their SHA-256."""


def kept_weights(name: str, sha256: str, home: Path) -> Path:
    """Say where weights of a network are kept, if they are."""
    return home / "weights" / f"{name}-{sha256[:DIGITS]}.pth"


def list_kept(home: Path) -> list[tuple[str, str, Path]]:
    """List what is kept: the network's name, the first digits of the hash, and the file."""
    files = sorted((home / "weights").glob("*-*.pth"))
    return [(name, digits, file) for file in files for name, _, digits in [file.stem.rpartition("-")]]


def file_sha256(path: Path) -> str:
    """Hash a file of any size: 64 hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def keep_weights(name: str, file: Path, home: Path) -> str:
    """Copy weights into the data directory, once; give their SHA-256. Raises BackboneError."""
    try:
        sha256 = file_sha256(file)
        if not _is_kept(name, sha256, home):
            with _partial(home) as copy:
                shutil.copyfile(file, copy)
                sha256 = _settle(copy, name, home)
    except OSError as error:
        raise BackboneError(f"The weights in {file} can't be kept in {home / 'weights'}: {error}.") from error
    return sha256


def fetch_weights(name: str, url: str, home: Path) -> str:
    """Download weights into the data directory, once; give their SHA-256.

    url: ends with the first digits of their hash, which is checked. Raises BackboneError.
    """
    named = HASH_IN_URL.search(url)
    if named is None:
        raise BackboneError(f"The address {url} tells no hash to check the weights by; give a file: `--weights FILE`.")
    for kept_name, digits, file in list_kept(home):
        if kept_name == name and digits.startswith(named[1][:DIGITS]) and file_sha256(file).startswith(digits):
            return file_sha256(file)
    with _partial(home) as copy:
        _download(url, copy, named[1])
        return _settle(copy, name, home)


def _download(url: str, target: Path, digits: str) -> None:
    import torch  # noqa: PLC0415

    try:
        torch.hub.download_url_to_file(url, str(target), digits, progress=sys.stderr.isatty())
    except (OSError, HTTPException) as error:
        raise BackboneError(
            f"The weights could not be fetched from {url} ({error}). `--weights FILE` takes them from a file."
        ) from error
    except RuntimeError as error:  # what torch raises for another hash
        raise BackboneError(
            f"What {url} gave is not the weights, whose SHA-256 begins with {digits}; none were kept. "
            "`--weights FILE` takes them from a file."
        ) from error


def _is_kept(name: str, sha256: str, home: Path) -> bool:
    kept = kept_weights(name, sha256, home)
    return kept.exists() and file_sha256(kept) == sha256


@contextmanager
def _partial(home: Path) -> Iterator[Path]:
    """Give a place beside the kept files, so that a rename suffices; a file made there has the usual mode."""
    folder = home / "weights"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = tempfile.TemporaryDirectory(dir=folder)
    except OSError as error:
        raise BackboneError(f"No weights can be kept in {folder}: {error.strerror}.") from error
    with partial:
        yield Path(partial.name) / "weights"


def _settle(copy: Path, name: str, home: Path) -> str:
    sha256 = file_sha256(copy)
    copy.replace(kept_weights(name, sha256, home))
    return sha256
