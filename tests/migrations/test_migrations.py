"""Migrated tables are declared tables, and every migration can be undone."""

from collections.abc import Callable, Iterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from enfilade.database import connect_engine, migrate
from enfilade.schema import SCHEMA, metadata
from enfilade.sql import definitions
from migrations import HEAD, alembic_config

# What Postgres itself knows of a schema. Alembic's own check misses operator classes, CHECKs and functions.
CATALOGUES = {
    "columns": """
        SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            a.attidentity::text, a.attstorage::text, pg_get_expr(d.adbin, d.adrelid),
            col_description(c.oid, a.attnum)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'enfilade'
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'v') AND c.relname <> 'alembic_version'
    """,
    "tables": """
        SELECT c.relname, c.relkind::text, obj_description(c.oid), pg_get_partkeydef(c.oid)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'enfilade'
        WHERE c.relkind IN ('r', 'p', 'v') AND c.relname <> 'alembic_version'
    """,
    "constraints": """
        SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
        FROM pg_constraint AS c JOIN pg_namespace AS n ON n.oid = c.connamespace AND n.nspname = 'enfilade'
        WHERE c.conrelid::regclass::text NOT LIKE '%alembic_version'
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'enfilade' AND tablename <> 'alembic_version'
    """,
    "operator classes": """
        SELECT i.indexrelid::regclass::text, o.opcname
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'enfilade'
        CROSS JOIN unnest(i.indclass::oid[]) AS k (oid) JOIN pg_opclass AS o ON o.oid = k.oid
        WHERE i.indexrelid::regclass::text NOT LIKE '%alembic_version%'
    """,
    "functions": """
        SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc AS p
        JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = 'enfilade'
    """,
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'enfilade'",
}


@pytest.fixture
def bare(database: str) -> Iterator[Engine]:
    engine = connect_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def declared(make_database: Callable[[], str]) -> Iterator[Engine]:
    engine = connect_engine(make_database())
    with engine.begin() as connection:
        connection.execute(text(f"CREATE EXTENSION vector; CREATE SCHEMA {SCHEMA}"))
        metadata.create_all(connection)
        for definition in definitions():
            connection.execute(text(definition))
    yield engine
    engine.dispose()


def catalogue(engine: Engine, name: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return sorted(map(tuple, connection.execute(text(CATALOGUES[name]))), key=repr)


def objects(connection: Connection) -> int:
    query = """
        SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('enfilade')
                AND relname NOT LIKE 'alembic_version%')
            + (SELECT count(*) FROM pg_proc WHERE pronamespace = to_regnamespace('enfilade'))
    """
    return connection.execute(text(query)).scalar_one()


def test_migrated_tables_are_the_declared_ones(bare: Engine, declared: Engine) -> None:
    with bare.begin() as connection:
        migrate(connection)
    for name in CATALOGUES:
        migrated = catalogue(bare, name)
        assert migrated, name
        assert migrated == catalogue(declared, name), name


def test_the_catalogues_would_tell_a_difference(bare: Engine, declared: Engine) -> None:
    with bare.begin() as connection:
        migrate(connection)
        connection.execute(text("DROP INDEX enfilade.image_attributes"))
        connection.execute(text("CREATE INDEX image_attributes ON enfilade.image USING gin (attributes)"))
        connection.execute(text("ALTER TABLE enfilade.image DROP CONSTRAINT image_years"))
    assert catalogue(bare, "operator classes") != catalogue(declared, "operator classes")
    assert catalogue(bare, "constraints") != catalogue(declared, "constraints")


def test_downgrade_leaves_nothing_and_upgrade_brings_all_back(bare: Engine) -> None:
    with bare.begin() as connection:
        migrate(connection)
        made = objects(connection)
        assert made
        migrate(connection, "base")
        assert objects(connection) == 0
        migrate(connection)
        assert objects(connection) == made


def test_the_newest_migration_is_the_one_that_is_told(bare: Engine) -> None:
    with bare.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
    assert scripts.get_heads() == [HEAD]


def test_a_migration_that_fails_leaves_nothing(bare: Engine) -> None:
    with bare.begin() as connection:
        connection.execute(text("CREATE SCHEMA enfilade; CREATE TABLE enfilade.space (id int)"))
    with bare.connect() as connection, pytest.raises(Exception, match="already exists"):
        migrate(connection)
    with bare.connect() as connection:
        assert objects(connection) == 1
