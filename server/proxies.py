"""Whose word counts for where a request comes from: only that of proxies named in the settings."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from enfilade.settings import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["TrustedProxies"]


class TrustedProxies:
    """Reads X-Forwarded-For and X-Forwarded-Proto of requests that trusted proxies pass on, and of no others."""

    def __init__(self, app: "WSGIApplication", trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Put the client's own address and scheme where everything looks for them."""
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            # From the right: each trusted proxy wrote down whom it saw, and the first untrusted one is the client.
            client = next((hop for hop in reversed(hops) if not self._trusts(hop)), hops[0] if hops else None)
            if client is not None and _is_address(client):
                environ["REMOTE_ADDR"] = client
            if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self._app(environ, start_response)

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ipaddress.ip_address(address) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
