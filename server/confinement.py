"""Take from this process all that it needs not to decode pictures. Knows no pictures.

Where the system has no such bound (macOS bounds no memory), the others still hold.
"""

import ctypes
import math
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["MEMORY", "bound_room", "drop_rights", "grant_time"]

MEMORY: Final = 3 * 2**29
"""Bytes. The largest that was met with 50 megapixels, JPEG 2000 with transparency, took 1.3 GB."""
_LIFE_SECONDS: Final = 3600
_NOBODY: Final = 65534
_DESCRIPTORS: Final = 3
"""Those that it was given: it opens no file, and connects to nothing."""
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS, Linux, include/uapi/linux/prctl.h
_DUMPABLE: Final = 4  # PR_SET_DUMPABLE: whether other processes of this user may look inside


def drop_rights() -> None:
    """Be nobody where this was root, and never more than that; of threads only this one and what it starts."""
    with suppress(OSError):  # where memory runs out, this process shall go, and not the database
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if os.geteuid() == 0:
        _become_nobody()
    if sys.platform == "linux":
        control = ctypes.CDLL(None, use_errno=True).prctl
        control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        control(_DUMPABLE, 0, 0, 0, 0)


def bound_room() -> None:
    """Write no file, start no process or thread, dump no core, live and grow within bounds."""
    _bound(resource.RLIMIT_CPU, _LIFE_SECONDS)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    _bound(resource.RLIMIT_NPROC, 0)
    # What is only reserved counts as address space, not as data; both, since not every system bounds both.
    _bound(resource.RLIMIT_DATA, MEMORY)
    _bound(resource.RLIMIT_AS, 2 * MEMORY)


def grant_time(seconds: int) -> None:
    """Let this process compute for so long from now on; then the kernel ends it."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, most))


def _become_nobody() -> None:
    # A container may have no other user than its root, who then is none outside either
    with suppress(OSError):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


def _bound(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):  # a kernel that bounds no such thing
        resource.setrlimit(kind, (bound, bound))
