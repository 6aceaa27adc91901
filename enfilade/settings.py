"""What the environment decides, read once. Nothing else reads os.environ."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

__all__ = ["Settings"]


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


def default_home() -> Path:
    """Give the platform's user data directory, or /var/lib/enfilade to root.

    Postgres refuses to run as root and so runs as a user of its own, who should not need a way into /root.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/enfilade")
    return platformdirs.user_data_path("enfilade", appauthor=False)
