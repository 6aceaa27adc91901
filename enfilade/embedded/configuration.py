"""The embedded server's settings: memory above Postgres's defaults, no network, impatience with dead clients."""

import os
from pathlib import Path

__all__ = ["PORT", "configuration"]

PORT = 5432
"""Names the socket; nothing listens on a network. Set, so that a PGPORT in the environment changes nothing."""


def configuration(sockets: Path) -> str:
    """Write the server's settings for this machine, listening on a Unix socket in this directory alone."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    values = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": f"'{_quoted(sockets)}'",
        "unix_socket_permissions": "0700",
        # Half of what Postgres's manual advises for a machine of its own ("Resource Consumption"), since this one is
        # shared with a network and a graph; never below Postgres's defaults, nor far above them.
        "shared_buffers": _megabytes(memory // 8, at_least=192, at_most=2048),
        "effective_cache_size": _megabytes(memory // 2, at_least=4608, at_most=65_536),
        # An HNSW build that outgrows this goes on more slowly on disk (pgvector's README).
        "maintenance_work_mem": _megabytes(memory // 16, at_least=128, at_most=2048),
        "work_mem": "32MB",
        "max_wal_size": "4GB",
        "max_parallel_maintenance_workers": str(max(0, (os.cpu_count() or 1) - 1)),
        "random_page_cost": "1.1",
        # A killed ingest must not hold its lock until the index it was building is done.
        "client_connection_check_interval": "1s",
    }
    lines = [f"{name} = {value}" for name, value in values.items()]
    return "\n".join(
        [
            "# Written by Enfilade at each start; put settings of your own into postgresql.auto.conf.",
            *lines,
            "",
        ]
    )


def _megabytes(size: int, *, at_least: int, at_most: int) -> str:
    return f"{min(max(size // 1024**2, at_least), at_most)}MB"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
