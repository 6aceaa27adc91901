"""COPY rows of any types into a temporary table, from where one statement moves them on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

__all__ = ["stage"]


def stage(cursor: psycopg.Cursor[Any], name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Fill the temporary table `name` (column -> type) with these rows alone; they go with the transaction."""
    table = sql.Identifier(name)
    types = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))  # our own words, never a user's
        for column, kind in columns.items()
    )
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} ({}) ON COMMIT DELETE ROWS").format(table, types))
    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(table)) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
