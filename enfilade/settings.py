"""What the environment decides, read once. Nothing else reads os.environ."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import platformdirs

from enfilade.errors import SettingError

__all__ = ["Network", "ServerSettings", "Settings"]

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Value = TypeVar("Value")
SWITCH: Mapping[str, bool] = {"on": True, "off": False}
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies, and which Postgres holds it."""

    home: Path
    """The data directory: embedded database, cached networks, the demo's pictures."""
    database_url: str | None = None
    """A Postgres to use instead of the embedded one."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read ENFILADE_HOME and DATABASE_URL; an empty variable counts as unset."""
        home = os.environ.get("ENFILADE_HOME")
        return cls(
            home=Path(home).expanduser().absolute() if home else default_home(),
            database_url=os.environ.get("DATABASE_URL") or None,
        )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the web server allows, and how it runs."""

    max_upload: int = 20 * 2**20
    """Bytes of a request's body."""
    upload_seconds: int = 30
    """In which the body of a request must have arrived."""
    rate_limit: int = 60
    """Uploads a minute from one address; 0 for no limit."""
    trusted_proxies: tuple[Network, ...] = field(default=())
    """From which addresses X-Forwarded-For and its like are believed."""
    workers: int = 2
    log: str = "text"
    """text or json."""
    fetch_urls: bool = False
    """Whether pictures are fetched from URLs that strangers name."""
    fetch_allow: tuple[Network, ...] = field(default=())
    """Networks that are fetched from, at any port, though they are not public."""
    query_log: bool = False
    """Whether each answer leaves a row in enfilade.query_log."""
    query_log_days: int = 90
    """After how many days such a row is deleted."""

    @classmethod
    def from_environment(cls) -> "ServerSettings":
        """Read ENFILADE_MAX_UPLOAD and its like; an empty variable counts as unset. Raises SettingError."""
        known: dict[str, Callable[[str], object]] = {
            "max_upload": _at_least(1024),
            "upload_seconds": _at_least(1),
            "rate_limit": _at_least(0),
            "trusted_proxies": _networks,
            "workers": _at_least(1),
            "log": _one_of({"text": "text", "json": "json"}),
            "fetch_urls": _one_of(SWITCH),
            "fetch_allow": _networks,
            "query_log": _one_of(SWITCH),
            "query_log_days": _from_to(1, MOST_DAYS),
        }
        given = {name: (f"ENFILADE_{name.upper()}", read) for name, read in known.items()}
        return cls(**{name: _read(*pair) for name, pair in given.items() if os.environ.get(pair[0])})  # type: ignore[arg-type]


def _read(variable: str, read: Callable[[str], Value]) -> Value:
    try:
        return read(os.environ[variable].strip())
    except ValueError as error:
        raise SettingError(variable, str(error)) from error


def _at_least(least: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        if not (written.isascii() and written.isdigit()) or int(written) < least:
            raise ValueError(f"is {written!r}; it must be a whole number, {least} or more")
        return int(written)

    return read


def _from_to(least: int, most: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        found = _at_least(least)(written)
        if found > most:
            raise ValueError(f"is {written!r}; it must be a whole number from {least} to {most}")
        return found

    return read


def _one_of(values: Mapping[str, Value]) -> Callable[[str], Value]:
    def read(written: str) -> Value:
        if written.lower() not in values:
            raise ValueError(f"is {written!r}; it must be {' or '.join(values)}")
        return values[written.lower()]

    return read


def _networks(written: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in written.split(","))
    except ValueError as error:
        raise ValueError(f"is {written!r}; it must name addresses or networks, parted by commas ({error})") from error


def default_home() -> Path:
    """Give the platform's user data directory, or /var/lib/enfilade to root.

    Postgres refuses to run as root and so runs as a user of its own, who should not need a way into /root.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/enfilade")
    return platformdirs.user_data_path("enfilade", appauthor=False)
