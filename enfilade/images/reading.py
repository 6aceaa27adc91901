"""Read a file from a disk, bounded. Knows no pictures."""

import stat
from pathlib import Path

from enfilade.errors import RefusedImageError

__all__ = ["read_file"]


def read_file(path: Path, at_most: int) -> bytes:
    """Read a regular file, but no more than one byte over the bound. Raises RefusedImageError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting for ever
            raise RefusedImageError("unreadable_file", "It is no regular file.")
        with path.open("rb") as file:
            return file.read(at_most + 1)
    except FileNotFoundError as error:
        raise RefusedImageError("missing_file", "There is no such file.") from error
    except OSError as error:
        raise RefusedImageError("unreadable_file", f"The file can't be read: {error.strerror}.") from error
