"""Which addresses the server may speak to when a stranger names a URL: public ones. Pure; knows no names and no HTTP.

The rule is what may pass, not what may not: of IPv6, only what IANA gives out as global unicast (2000::/3) and what
NAT64 carries. An address that carries another one passes only if each of the two does.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network
from typing import Final

from enfilade.settings import Network

__all__ = ["PORTS", "Address", "carried", "is_public", "may_speak_to"]

Address = IPv4Address | IPv6Address

PORTS: Final = frozenset({80, 443})
"""Where the web is; anything else that listens is some other service."""

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")  # RFC 2765
_COMPATIBLE: Final = IPv6Network("::/96")  # RFC 4291, deprecated
_ISATAP: Final = frozenset({bytes.fromhex("00005efe"), bytes.fromhex("02005efe")})  # RFC 5214

# Global by IANA's registry, or too new for Python's copy of it, and still none of a stranger's business.
_NOT_PUBLIC: Final[tuple[Network, ...]] = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # anycast to one's own translator (RFC 7723, 8155); Oracle Cloud's metadata
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "168.63.129.16/32",  # Azure's host, which answers any machine there
            "2001::/23",  # protocol assignments, Teredo among them (RFC 2928)
            "2620:4f:8000::/48",  # AS112 (RFC 7534)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)


def may_speak_to(address: Address, port: int, allowed: Sequence[Network] = ()) -> bool:
    """Tell whether a connection may be made: to what is allowed at any port, to what is public at those of the web."""
    address = _as_ipv4(address)
    if any(address in network for network in allowed):
        return True
    return port in PORTS and is_public(address)


def is_public(address: Address) -> bool:
    """Tell whether anybody can reach this address, and nothing nearer than the internet answers at it."""
    address = _as_ipv4(address)
    inner = carried(address)
    if isinstance(address, IPv6Address) and address in _NAT64:
        return all(map(is_public, inner))
    return _is_global(address) and all(map(is_public, inner))


def carried(address: Address) -> tuple[IPv4Address, ...]:
    """Give the IPv4 addresses that an IPv6 one carries, and to which a router may take it."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    tail = IPv4Address(address.packed[12:])
    if any(address in network for network in (_NAT64, _TRANSLATED, _COMPATIBLE)) or address.packed[8:12] in _ISATAP:
        found.append(tail)
    return tuple(one for one in found if one is not None)


def _as_ipv4(address: Address) -> Address:
    """Take an IPv4-mapped address for what the kernel takes it for."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_global(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (address.scope_id or address not in _GLOBAL_UNICAST):
        return False
    plain = address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
    return plain and not any(address in network for network in _NOT_PUBLIC)
