"""What a URL asks for: a scheme, a host, a port and what to ask there. Pure; looks up no names.

Strict where parsers differ: a host is letters, digits, hyphens, dots and underscores, or an IPv6 address in brackets,
and nothing stands before it. So no other reading of the URL leads elsewhere than this one.
"""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import Final, Self
from urllib.parse import quote, urljoin, urlsplit

from server.errors import UnfetchableUrlError

__all__ = ["Target"]

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.ASCII)
_LONGEST: Final = 2000
_UNSAFE: Final = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT: Final = "/?:@!$&'()*+,;=-._~%[]|"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and what to ask for: the path with its query, in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Read a URL. Raises UnfetchableUrlError where it is not http or https, names a user, or is no URL at all."""
        if len(url) > _LONGEST or _UNSAFE.search(url):
            raise UnfetchableUrlError("bad_url")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UnfetchableUrlError("bad_url") from error
        if parts.scheme not in _PORTS or "@" in parts.netloc or port == 0:
            raise UnfetchableUrlError("bad_url")
        asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, _host(parts.hostname or ""), port or _PORTS[parts.scheme], quote(asked, safe=_KEPT))

    def follow(self, location: str) -> Self:
        """Read where the header Location leads from here, as http.client gives it. Raises UnfetchableUrlError."""
        written = location.encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            return self.of(urljoin(f"{self.scheme}://{self.authority}{self.path}", written))
        except ValueError as error:
            raise UnfetchableUrlError("bad_url") from error

    @property
    def authority(self) -> str:
        """The host as the header Host has it, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def _host(written: str) -> str:
    """Give a host in ASCII. Raises UnfetchableUrlError."""
    try:
        address = str(IPv6Address(written)) if ":" in written else None
        host = written if written.isascii() else written.encode("idna").decode("ascii").lower()
    except (AddressValueError, UnicodeError) as error:
        raise UnfetchableUrlError("bad_url") from error
    if not (address or _HOST.fullmatch(host)) or "%" in host:  # an interface of ours is no business of theirs
        raise UnfetchableUrlError("bad_url")
    return address or host
