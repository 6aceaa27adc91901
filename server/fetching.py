"""Fetch a picture from where a stranger says it lies, and tell nothing of the network that this server stands in.

What the answer holds is not trusted either: it is read to a bound and by a deadline, is never decompressed, and what
kind of picture it is, its bytes tell later. No cookies, no credentials, no Referer, no proxies.
"""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse
from threading import BoundedSemaphore
from typing import Final

from enfilade.images.refusals import refusal
from enfilade.settings import ServerSettings
from server.connecting import Connector
from server.deadlines import Deadline, Reading
from server.errors import FetchingOffError, ForbiddenAddressError, UnfetchableUrlError
from server.targets import Target

__all__ = ["Fetcher"]

SECONDS: Final = 10.0
"""For all of it: names, connections, redirects, the last byte."""
MOST_REDIRECTS: Final = 3
AT_ONCE: Final = 3
"""In one process, whose other threads go on answering."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_PIECE: Final = 64 * 1024
_log = logging.getLogger("enfilade.fetching")


class Fetcher:
    """Fetches pictures as the settings allow; safe in threads."""

    def __init__(
        self, settings: ServerSettings, connector: Connector | None = None, *, seconds: float = SECONDS
    ) -> None:
        self._connector = (connector or Connector(settings.fetch_allow)) if settings.fetch_urls else None
        self._most = settings.max_upload
        self._seconds = seconds
        self._at_once = BoundedSemaphore(AT_ONCE)

    @property
    def on(self) -> bool:
        """Whether anything is fetched at all."""
        return self._connector is not None

    def fetch(self, url: str) -> bytes:
        """Give the bytes that lie there, of whatever kind.

        Raises FetchingOffError, UnfetchableUrlError, and RefusedImageError where there are more bytes than an upload
        may have.
        """
        if self._connector is None:
            raise FetchingOffError
        target = Target.of(url)
        if not self._at_once.acquire(blocking=False):
            raise UnfetchableUrlError("busy")
        try:
            with _explained():
                return self._follow(self._connector, target, Deadline(self._seconds))
        finally:
            self._at_once.release()

    def _follow(self, connector: Connector, target: Target, deadline: Deadline) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            with closing(connector.connect(target, deadline)) as connection:
                connection.settimeout(deadline.left())
                connection.sendall(_request(target))
                with closing(HTTPResponse(Reading(connection, deadline), method="GET")) as response:  # type: ignore[arg-type]
                    response.begin()
                    location = response.getheader("Location")
                    if response.status not in _REDIRECTS or location is None:
                        return self._read(response)
            target = target.follow(location)
        raise UnfetchableUrlError("too_many_redirects")

    def _read(self, response: HTTPResponse) -> bytes:
        if response.status != _OK:
            raise UnfetchableUrlError("bad_status", f"What answers there says {response.status}, and sends no picture.")
        if response.getheader("Content-Encoding", "").strip().lower() not in {"", "identity"}:
            raise UnfetchableUrlError("bad_answer")
        data = bytearray()
        while len(data) + (response.length or 0) <= self._most and (piece := response.read(_PIECE)):
            data += piece
        if len(data) + (response.length or 0) > self._most:
            raise refusal("too_many_bytes", f"What lies there has more than the {self._most:,} bytes that are taken.")
        if response.length:
            raise UnfetchableUrlError("bad_answer")  # it broke off
        return bytes(data)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what goes wrong on the way into UnfetchableUrlError; the log is told what that was, the stranger is not."""
    try:
        yield
    except TimeoutError as error:
        _log.info("not fetched: too slow")
        raise UnfetchableUrlError("too_slow") from error
    except (OSError, UnicodeError, ForbiddenAddressError) as error:  # names, sockets and certificates
        _log.info("not fetched: %s", error)
        raise UnfetchableUrlError("unreachable") from error
    except HTTPException as error:
        _log.info("not fetched: %r", error)
        raise UnfetchableUrlError("bad_answer") from error


def _request(target: Target) -> bytes:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        "User-Agent: Enfilade",
        "Accept: image/*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")
