"""A connection to the very address that was checked. Knows no HTTP.

A name is resolved once, all that it stands for is checked, and a socket is connected to one of those addresses: what
the name stands for a moment later (DNS rebinding) changes nothing. This is why no HTTP library connects here: it would
look the name up by itself, and take proxies from the environment.
"""

import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from enfilade.settings import Network
from server.addresses import may_speak_to
from server.deadlines import Deadline
from server.errors import ForbiddenAddressError
from server.targets import Target

__all__ = ["Connector"]

CONNECT_SECONDS: Final = 4.0
"""For each address, so that another is tried where one is dead."""
MOST_ADDRESSES: Final = 4
LOOKUPS: Final = 4
"""At a time in one process; a lookup can't be cancelled, and may outlive who waits for it."""


@dataclass(frozen=True, slots=True)
class _Place:
    family: int
    address: tuple[Any, ...]
    """As the socket's family has it: host, port, …"""

    def may_be_spoken_to(self, allowed: Sequence[Network]) -> bool:
        return may_speak_to(ip_address(self.address[0]), self.address[1], allowed)


class Connector:
    """Connects to public addresses, and to those of the networks that are allowed; safe in threads."""

    def __init__(self, allowed: Sequence[Network] = (), tls: ssl.SSLContext | None = None) -> None:
        self._allowed = allowed
        self._tls = tls or ssl.create_default_context()
        self._lookups = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="lookup")

    def connect(self, target: Target, deadline: Deadline) -> socket.socket:
        """Connect, and with https check that the certificate is the name's.

        Raises ForbiddenAddressError where an address may not be spoken to, OSError (TimeoutError among them) where none
        answers.
        """
        places = self._resolve(target, deadline)
        for place in places:
            if not place.may_be_spoken_to(self._allowed):
                raise ForbiddenAddressError(place.address[0], place.address[1])
        return self._secure(_dial_first(places, deadline), target, deadline)

    def _resolve(self, target: Target, deadline: Deadline) -> list[_Place]:
        lookup = self._lookups.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
        try:
            found = lookup.result(deadline.left())
        finally:
            lookup.cancel()  # one that still waits for its turn
        return [_Place(family, address) for family, _, _, _, address in found]

    def _secure(self, connection: socket.socket, target: Target, deadline: Deadline) -> socket.socket:
        if target.scheme != "https":
            return connection
        try:
            connection.settimeout(deadline.left())
            return self._tls.wrap_socket(connection, server_hostname=target.host.rstrip("."))
        except BaseException:
            connection.close()
            raise


def _dial_first(places: Sequence[_Place], deadline: Deadline) -> socket.socket:
    """Connect to the first place that answers. Raises OSError."""
    failure = OSError()
    for place in places[:MOST_ADDRESSES]:
        try:
            return _dial(place, deadline.left(CONNECT_SECONDS))
        except OSError as error:
            failure = error
    raise failure


def _dial(place: _Place, seconds: float) -> socket.socket:
    connection = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(place.address)
    except BaseException:
        connection.close()
        raise
    return connection
