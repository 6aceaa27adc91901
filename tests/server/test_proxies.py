"""Only a trusted proxy's word counts for where a request comes from."""

import ipaddress

import pytest

from server.proxies import TrustedProxies

TRUSTED = tuple(ipaddress.ip_network(network) for network in ("10.0.0.0/8", "::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_last_whom_no_trusted_proxy_is(peer: str, forwarded: str, address: str) -> None:
    seen: dict[str, str] = {}

    def app(environ: dict[str, str], _start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": "https"}
    environ["wsgi.url_scheme"] = "http"
    TrustedProxies(app, TRUSTED)(environ, lambda *_: None)  # type: ignore[arg-type]
    assert seen["REMOTE_ADDR"] == address
    trusted = peer in {"10.0.0.1", "::1"}
    assert seen["wsgi.url_scheme"] == ("https" if trusted else "http")
