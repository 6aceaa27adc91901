"""The web server's way to the database: bounded in how long a statement may take."""

from typing import Any

from sqlalchemy import Engine, event

from enfilade.database import connect_engine

__all__ = ["connect"]

STATEMENT_MILLISECONDS = 30_000


def connect(url: str, threads: int = 8) -> Engine:
    """Make an engine for a process of so many threads; connections are opened when they are first needed."""
    engine = connect_engine(url, pool_size=threads)

    def bound(connection: Any, _record: object) -> None:  # noqa: ANN401 — psycopg's, under SQLAlchemy's
        # By a statement, since poolers between us and Postgres refuse such options at connecting.
        connection.execute(f"SET statement_timeout = {STATEMENT_MILLISECONDS}")
        connection.commit()

    event.listen(engine, "connect", bound)
    return engine
