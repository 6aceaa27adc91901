"""Run by Alembic: migrate on the connection it was given, or on the one that Enfilade's settings name."""

from alembic import context
from sqlalchemy import Connection, text

from enfilade.schema import SCHEMA, metadata
from enfilade.settings import Settings


def run(connection: Connection) -> None:
    """Migrate in one transaction, so that a failed one leaves nothing behind."""
    # One migration at a time, whoever starts it; the key is 'enfilade' in ASCII.
    connection.execute(text("SELECT pg_advisory_xact_lock(x'656e66696c616465'::bigint)"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from enfilade.database import connect_engine, server_url

    with server_url(Settings.from_environment()) as url:
        engine = connect_engine(url)
        with engine.begin() as own:
            run(own)
        engine.dispose()
