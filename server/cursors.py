"""Opaque cursors: where a page of a sorted listing ended, written so that a URL can carry it."""

import base64
import json
from collections.abc import Sequence

from server.errors import UnknownCursorError

__all__ = ["Key", "read_cursor", "write_cursor"]

Key = bool | int | str
LARGEST = 2**63 - 1


def write_cursor(sort: str, keys: Sequence[Key]) -> str:
    """Write down the sorting and the keys of the last row."""
    written = json.dumps([sort, *keys], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode("ascii")


def read_cursor(cursor: str, sort: str, kinds: Sequence[type]) -> list[Key]:
    """Read the keys back. Raises UnknownCursorError for what write_cursor did not write under this sorting."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        written = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise UnknownCursorError from error
    if not (isinstance(written, list) and len(written) == len(kinds) + 1):
        raise UnknownCursorError
    began, *keys = written
    if began != sort or not all(_fits(key, kind) for key, kind in zip(keys, kinds, strict=True)):
        raise UnknownCursorError
    return keys


def _fits(key: object, kind: type) -> bool:
    if type(key) is not kind:
        return False
    if isinstance(key, str):
        return "\x00" not in key and _encodes(key)
    return not isinstance(key, int) or abs(key) <= LARGEST


def _encodes(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
