"""How a file is named in the database."""

import os
from pathlib import Path

__all__ = ["uri_of"]


def uri_of(path: Path) -> str:
    """Give the absolute path, without dots, as text that Postgres can hold whatever bytes the file system allowed."""
    absolute = os.path.abspath(path)  # noqa: PTH100 — Path.resolve would follow links, and lose the name people know
    return os.fsencode(absolute).decode("utf-8", errors="backslashreplace")
