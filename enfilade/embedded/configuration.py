"""The embedded server's settings: memory above Postgres's defaults, no network, impatience with dead clients."""

import os
from pathlib import Path

__all__ = ["configuration"]

GIB = 1024**3


def configuration(sockets: Path) -> str:
    """Write the server's settings for this machine, listening on a Unix socket in this directory alone."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    values = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{_quoted(sockets)}'",
        "unix_socket_permissions": "0700",
        # A quarter for the buffers, three for the system's cache (Postgres's manual, "Resource Consumption"),
        # bounded, since the machine is shared with a network and a graph.
        "shared_buffers": _megabytes(min(memory // 8, 2 * GIB)),
        "effective_cache_size": _megabytes(memory // 2),
        # An HNSW build that outgrows this goes on more slowly on disk (pgvector's README).
        "maintenance_work_mem": _megabytes(min(memory // 16, 2 * GIB)),
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


def _megabytes(size: int) -> str:
    return f"{max(size // 1024**2, 64)}MB"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
