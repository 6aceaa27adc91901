"""Who the embedded Postgres runs as. It refuses to be root, so root lends it a user and a way in."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from enfilade.errors import EmbeddedDatabaseError

__all__ = ["database_user", "hand_over", "let_through"]

USER = "enfilade"

# The extended attribute in which Linux keeps a POSIX ACL holds a version, then a tag, permissions and an id for each
# entry. Source: Linux, include/uapi/linux/posix_acl_xattr.h
ACL_ATTRIBUTE = "system.posix_acl_access"
ACL_VERSION = struct.Struct("<I")
ACL_ENTRY = struct.Struct("<HHI")
USER_OBJ, NAMED_USER, GROUP_OBJ, NAMED_GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
NO_ID = 0xFFFFFFFF
SEARCH = 0o1


def database_user() -> pwd.struct_passwd | None:
    """Give the user that Postgres runs as when we are root (made if missing); None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        _add_user()
        return pwd.getpwnam(USER)


def _add_user() -> None:
    useradd = shutil.which("useradd")
    adduser = shutil.which("adduser")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    elif adduser:  # BusyBox
        command = [adduser, "-S", "-D", "-H", USER]
    else:
        raise EmbeddedDatabaseError(
            "Postgres does not run as root, and neither useradd nor adduser is here to make a user for it. "
            "Run enfilade as another user, or set DATABASE_URL."
        )
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode and not _exists(USER):  # another enfilade may have made it just now
        raise EmbeddedDatabaseError(f"Could not make the user {USER!r}: {made.stderr.strip()}")


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def hand_over(directory: Path) -> None:
    """Make this directory the database user's own, when we are root."""
    if user := database_user():
        os.chown(directory, user.pw_uid, user.pw_gid)


def let_through(path: Path) -> None:
    """Let the database user, and nobody else, pass through every private parent of this path.

    An access control entry for that one user; the directories' modes for everybody else stay as they were.
    """
    user = database_user()
    if user is None:
        return
    for parent in path.resolve().parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            _grant_search(parent, user)


def _grant_search(directory: Path, user: pwd.struct_passwd) -> None:
    entries = _read_acl(directory)
    # chmod narrows the mask, and with it every entry for a named user.
    if entries.get((NAMED_USER, user.pw_uid), 0) & entries.get((MASK, NO_ID), 0) & SEARCH:
        return
    entries[NAMED_USER, user.pw_uid] = entries.get((NAMED_USER, user.pw_uid), 0) | SEARCH
    entries[MASK, NO_ID] = entries.get((MASK, NO_ID), entries[GROUP_OBJ, NO_ID]) | SEARCH
    packed = ACL_VERSION.pack(2)
    for (tag, holder), permissions in sorted(entries.items()):
        packed += ACL_ENTRY.pack(tag, permissions, holder)
    try:
        os.setxattr(directory, ACL_ATTRIBUTE, packed)
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"Postgres runs as the user {USER!r}, who may not pass through {directory}. "
            "Choose an ENFILADE_HOME outside of private directories, or allow it: "
            f"chmod o+x {directory}"
        ) from error


def _read_acl(directory: Path) -> dict[tuple[int, int], int]:
    try:
        packed = os.getxattr(directory, ACL_ATTRIBUTE)
    except OSError:  # none set: the mode says it all
        mode = directory.stat().st_mode
        return {
            (USER_OBJ, NO_ID): mode >> 6 & 7,
            (GROUP_OBJ, NO_ID): mode >> 3 & 7,
            (OTHER, NO_ID): mode & 7,
        }
    triples = ACL_ENTRY.iter_unpack(packed[ACL_VERSION.size :])
    return {(tag, holder): permissions for tag, permissions, holder in triples}
