"""How many uploads an address may send in a minute: counted for all workers together, in memory that they share.

By the generic cell rate algorithm (ITU-T I.371): one number for each address, the time at which it will have used up
nothing. The table is of fixed size and made before the workers are forked. Two addresses may share a place in it, and
then share their allowance: with 65,536 places that is rare. A restart forgets it; machines behind one name each count
for themselves.
"""

import fcntl
import ipaddress
import mmap
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from threading import Lock
from weakref import finalize

import numpy as np
from flask import Flask, g, request

from server.errors import TooManyUploadsError

__all__ = ["FORM_ROOM", "Limiter", "count_upload", "household", "limit_uploads"]

FORM_ROOM = 64 * 1024
"""Bytes of a form or of JSON, beside its files."""
PLACES = 65_536
MINUTE = 60.0


class Limiter:
    """Lets an address through so many times a minute, in bursts as large as that; 0 for no limit."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._free_at = np.frombuffer(mmap.mmap(-1, PLACES * 8), dtype=np.float64)
        # A lock that the kernel drops with its holder, among processes; another among their threads.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 — open for as long as this is
        finalize(self, self._file.close)
        self._lock = Lock()

    def check(self, address: str) -> None:
        """Count one upload. Raises TooManyUploadsError, and then counts nothing. Loopback is exempt."""
        parsed = _parse(address)
        if not self._a_minute or parsed is None or parsed.is_loopback:
            return
        apart = MINUTE / self._a_minute
        place = int.from_bytes(blake2b(household(address), digest_size=8).digest()) % PLACES
        with self._locked():
            now = time.monotonic()
            due = max(float(self._free_at[place]), now) + apart
            if due > now + MINUTE + apart / 2:
                raise TooManyUploadsError(due - now - MINUTE)
            self._free_at[place] = due

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


def limit_uploads(app: Flask, limiter: Limiter) -> None:
    """Count each upload before any of it is read, and take little of what is none."""

    def check() -> None:
        if request.mimetype != "multipart/form-data":
            request.max_content_length = FORM_ROOM
        elif request.method == "POST":
            count_upload(limiter)

    app.before_request(check)


def count_upload(limiter: Limiter) -> None:
    """Count a picture that the current request brings, once. Raises TooManyUploadsError."""
    if not g.get("upload_counted"):
        limiter.check(request.remote_addr or "")
        g.upload_counted = True


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a Unix socket has none
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def household(address: str) -> bytes:
    """Tell whom an address stands for: a household has a /64 of IPv6 for itself, so that is one address here."""
    parsed = _parse(address)
    if parsed is None:
        return b""
    return parsed.packed if parsed.version == 4 else parsed.packed[:8]  # noqa: PLR2004
