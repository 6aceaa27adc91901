"""Binary COPY between Postgres and NumPy, for rows of fixed width. Knows no table.

A row whose columns all have a fixed size is a record of fixed size in COPY's binary format, so that a NumPy structured
array is its exact image: a million rows need no Python object each. Source: the PostgreSQL manual, "COPY", Binary
Format; pgvector's src/vector.c and src/halfvec.c (vector_recv, halfvec_recv).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection

__all__ = ["Field", "copy_in", "copy_out", "driver", "halfvec", "integer", "real", "small", "vector", "whole"]

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)  # signature, no flags, no extension
TRAILER = b"\xff\xff"
ROWS_A_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Field:
    """A column of fixed width: its name, its NumPy type on the wire, and for vectors their dimensions."""

    name: str
    wire: str
    dimensions: int | None = None

    def records(self, position: int) -> list[tuple[Any, ...]]:
        """Give the members of a row's record that this column fills."""
        length = (f"length_{position}", ">i4")
        if self.dimensions is None:
            return [length, (self.name, self.wire)]
        return [
            length,
            (f"dim_{position}", ">i2"),
            (f"unused_{position}", ">i2"),
            (self.name, self.wire, (self.dimensions,)),
        ]

    @property
    def length(self) -> int:
        """Bytes of a value on the wire."""
        size = np.dtype(self.wire).itemsize
        return size if self.dimensions is None else 4 + size * self.dimensions


def integer(name: str) -> Field:
    """Describe a bigint column."""
    return Field(name, ">i8")


def small(name: str) -> Field:
    """Describe a smallint column."""
    return Field(name, ">i2")


def real(name: str) -> Field:
    """Describe a real column."""
    return Field(name, ">f4")


def vector(name: str, dimensions: int) -> Field:
    """Describe a pgvector vector column."""
    return Field(name, ">f4", dimensions)


def halfvec(name: str, dimensions: int) -> Field:
    """Describe a pgvector halfvec column."""
    return Field(name, ">f2", dimensions)


def copy_out(
    connection: Connection, query: sql.Composable, fields: Sequence[Field]
) -> Iterator[dict[str, NDArray[Any]]]:
    """Read a query's rows in blocks: column name -> values, in native byte order. No value may be null."""
    record = _record(fields)
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(query)
    pending = bytearray()
    with driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        skip = len(HEADER)
        for chunk in copy:
            pending += chunk
            if skip and len(pending) >= skip:
                del pending[:skip]
                skip = 0
            whole = len(pending) // record.itemsize
            if not skip and whole >= ROWS_A_BLOCK:
                yield _columns(pending, whole, record, fields)
                del pending[: whole * record.itemsize]
    whole = len(pending) // record.itemsize
    if whole:
        yield _columns(pending, whole, record, fields)
    if pending[whole * record.itemsize :] != TRAILER:
        raise ValueError(f"a row is not of the width of {', '.join(field.name for field in fields)}: is one null?")


def whole(blocks: Iterator[dict[str, NDArray[Any]]], fields: Sequence[Field]) -> dict[str, NDArray[Any]]:
    """Put blocks together: column name -> all its values, in memory."""
    empty = _columns(bytearray(), 0, _record(fields), fields)
    parts = [empty, *blocks]
    return {field.name: np.concatenate([part[field.name] for part in parts]) for field in fields}


def copy_in(connection: Connection, table: sql.Composable, fields: Sequence[Field], *columns: NDArray[Any]) -> None:
    """Append rows to a table; the columns' arrays (n, …) come in the order of the fields."""
    record = _record(fields)
    names = sql.SQL(", ").join(sql.Identifier(field.name) for field in fields)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, names)
    with driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        for start in range(0, len(columns[0]), ROWS_A_BLOCK):
            block = [column[start : start + ROWS_A_BLOCK] for column in columns]
            copy.write(_rows(block, record, fields).tobytes())
        copy.write(TRAILER)


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """Give the psycopg connection under SQLAlchemy's, in the same transaction."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"COPY needs psycopg, not {type(driver).__name__}")
    return driver


def _record(fields: Sequence[Field]) -> np.dtype[np.void]:
    members: list[tuple[Any, ...]] = [("count", ">i2")]
    for position, field in enumerate(fields):
        members += field.records(position)
    return np.dtype(members)


def _rows(columns: Sequence[NDArray[Any]], record: np.dtype[np.void], fields: Sequence[Field]) -> NDArray[np.void]:
    rows = np.zeros(len(columns[0]), dtype=record)
    rows["count"] = len(fields)
    for position, (field, column) in enumerate(zip(fields, columns, strict=True)):
        rows[f"length_{position}"] = field.length
        if field.dimensions is not None:
            rows[f"dim_{position}"] = field.dimensions
        rows[field.name] = column
    return rows


def _columns(
    pending: bytearray, count: int, record: np.dtype[np.void], fields: Sequence[Field]
) -> dict[str, NDArray[Any]]:
    rows = np.frombuffer(bytes(pending[: count * record.itemsize]), dtype=record)
    for position, field in enumerate(fields):
        if (rows[f"length_{position}"] != field.length).any():
            raise ValueError(f"{field.name} is not of the width that was told: is one null?")
    return {field.name: rows[field.name].astype(np.dtype(field.wire).newbyteorder("=")) for field in fields}
