"""An Engine on a Postgres that is fit for Enfilade: the one at DATABASE_URL, or the embedded one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from enfilade import embedded
from enfilade.errors import DatabaseUnfitError, DatabaseUnreachableError, SchemaOutdatedError
from enfilade.settings import Settings

__all__ = [
    "EF_SEARCH",
    "OLDEST_PGVECTOR",
    "OLDEST_POSTGRES",
    "connect_engine",
    "migrate",
    "open_database",
    "refuse_unfit",
    "server_url",
]

OLDEST_POSTGRES = 15
OLDEST_PGVECTOR = (0, 8, 4)  # older ones lack fixes for corrupt HNSW indexes (pgvector's changelog)

CONNECT_SECONDS = 10
EF_SEARCH = 100
"""Rows that one HNSW scan gives at most, unless it is asked for more (pgvector's README)."""


@contextmanager
def open_database(settings: Settings, *, migrating: bool = False) -> Iterator[Engine]:
    """Give an engine whose tables are those of this version.

    The embedded database is migrated as needed. Another one is migrated only if `migrating`, or while it has no
    tables of ours at all. Raises DatabaseUnreachableError, DatabaseUnfitError, SchemaOutdatedError and
    EmbeddedDatabaseError.
    """
    with server_url(settings) as url:
        engine = connect_engine(url)
        try:
            with _reachable(engine) as connection:
                refuse_unfit(connection)
                _bring_up_to_date(connection, willing=migrating or settings.database_url is None)
                connection.commit()
            yield engine
        finally:
            engine.dispose()


@contextmanager
def server_url(settings: Settings) -> Iterator[str]:
    """Give a libpq URL that answers for as long as the context lasts."""
    if settings.database_url:
        yield settings.database_url
    else:
        with embedded.lease(settings.home) as url:
            yield url


def connect_engine(url: str, *, pool_size: int = 5, pre_ping: bool = True) -> Engine:
    """Make an Engine from a libpq URL (postgres://, postgresql://).

    It keeps up to pool_size connections open, and looks whether one still stands each time it is used if pre_ping.
    """
    try:
        parsed = make_url(re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url))
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnreachableError("DATABASE_URL is not a URL such as postgresql://user@host/database.") from error
    if parsed.get_backend_name() != "postgresql":
        raise DatabaseUnreachableError(f"DATABASE_URL names {parsed.get_backend_name()!r}; Enfilade needs PostgreSQL.")
    arguments = {"application_name": "enfilade", "connect_timeout": CONNECT_SECONDS}
    engine = create_engine(parsed, pool_pre_ping=pre_ping, pool_size=pool_size, connect_args=arguments)
    event.listen(engine, "connect", _set_scans)
    return engine


def _set_scans(connection: psycopg.Connection, _record: object) -> None:
    """Set how HNSW is scanned, once for each connection, so that a search pays no round trip for it."""
    connection.execute(f"SET hnsw.ef_search = {EF_SEARCH}")
    connection.execute("SET hnsw.iterative_scan = strict_order")  # it goes on where filters leave too few
    connection.commit()


@contextmanager
def _reachable(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnreachableError(f"The database at {where} does not answer: {error.orig}") from error
    with connection:
        yield connection


def refuse_unfit(connection: Connection) -> None:
    """Raise DatabaseUnfitError on a Postgres or a pgvector that is too old, saying what to do."""
    postgres = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    if postgres < OLDEST_POSTGRES:
        raise DatabaseUnfitError(
            f"This is PostgreSQL {postgres}; Enfilade needs {OLDEST_POSTGRES} or later. "
            "Upgrade it, or unset DATABASE_URL to use the embedded one."
        )
    query = "SELECT coalesce(installed_version, default_version), installed_version FROM pg_available_extensions"
    found = connection.execute(text(f"{query} WHERE name = 'vector'")).one_or_none()
    needed = ".".join(map(str, OLDEST_PGVECTOR))
    if found is None:
        raise DatabaseUnfitError(
            f"This PostgreSQL has no pgvector. Install pgvector {needed} or later on its machine "
            "(see https://github.com/pgvector/pgvector#installation), or unset DATABASE_URL to use the embedded one."
        )
    version, installed = found
    if tuple(map(int, version.split("."))) < OLDEST_PGVECTOR:
        then = ", then run: ALTER EXTENSION vector UPDATE" if installed else ""
        raise DatabaseUnfitError(
            f"This PostgreSQL has pgvector {version}; Enfilade needs {needed} or later, since older ones can corrupt "
            f"HNSW indexes. Install pgvector {needed} or later on its machine{then}."
        )


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision (`head`: those of this version; `base`: none), in one transaction."""
    from alembic import command  # noqa: PLC0415 — half a second that most commands need not pay

    from migrations import alembic_config  # noqa: PLC0415

    config = alembic_config(connection)
    try:
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "42501":  # insufficient_privilege
            raise DatabaseUnfitError(
                f"This user may not make Enfilade's tables: {error.orig}. "
                "Let an administrator run: CREATE EXTENSION vector; GRANT CREATE ON DATABASE … TO …;"
            ) from error
        raise


def _bring_up_to_date(connection: Connection, *, willing: bool) -> None:
    from migrations import HEAD  # noqa: PLC0415

    found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise DatabaseUnfitError(
            f"This database was made by a newer Enfilade (revision {found}; this one knows {HEAD})."
        )
    if not (willing or found is None):
        raise SchemaOutdatedError
    migrate(connection)


def _revision(connection: Connection) -> str | None:
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": "enfilade.alembic_version"}).scalar() is None:
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM enfilade.alembic_version")).scalar()
    return revision
