"""Unfit databases are refused with a sentence that says what to do."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from enfilade import database
from enfilade.database import connect_engine, open_database
from enfilade.errors import DatabaseUnfitError, DatabaseUnreachableError, SchemaOutdatedError
from enfilade.settings import Settings


@pytest.fixture
def settings(home: Path, database: str) -> Settings:
    return Settings(home=home, database_url=database)


def test_an_empty_database_gets_its_tables(settings: Settings) -> None:
    with open_database(settings) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM enfilade.image")).scalar() == 0


def test_a_database_of_another_revision_is_migrated_only_when_asked(settings: Settings) -> None:
    with open_database(settings) as engine, engine.begin() as connection:
        connection.execute(text("DROP SCHEMA enfilade CASCADE; CREATE SCHEMA enfilade"))
        connection.execute(text("CREATE TABLE enfilade.alembic_version (version_num varchar(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO enfilade.alembic_version VALUES ('0000')"))
    with pytest.raises(SchemaOutdatedError, match="enfilade migrate"), open_database(settings):
        pass


def test_an_old_pgvector_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_PGVECTOR", (99, 0, 0))
    with pytest.raises(DatabaseUnfitError, match=r"needs 99\.0\.0 or later.*Install pgvector"), open_database(settings):
        pass


def test_an_old_postgres_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_POSTGRES", 99)
    with pytest.raises(DatabaseUnfitError, match=r"needs 99 or later\. Upgrade it"), open_database(settings):
        pass


def test_a_user_who_may_not_make_tables_is_told_what_to_ask_for(home: Path, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("DO $$ BEGIN CREATE ROLE visitor LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    visitor = Settings(home=home, database_url=database.replace("postgres@", "visitor@"))
    with pytest.raises(DatabaseUnfitError, match="GRANT CREATE ON DATABASE"), open_database(visitor):
        pass


def test_a_server_that_does_not_answer_is_named_without_its_password(home: Path) -> None:
    settings = Settings(home=home, database_url="postgresql://me:secret@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnreachableError, match=r"me:\*\*\*@127\.0\.0\.1") as raised, open_database(settings):
        pass
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "nonsense", "postgresql//missing-colon"])
def test_what_is_no_url_of_a_postgres_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match="DATABASE_URL"):
        connect_engine(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_a_postgres_url_works(database: str, scheme: str) -> None:
    engine = connect_engine(database.replace("postgresql", scheme, 1))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
