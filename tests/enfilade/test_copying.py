"""What is copied in comes out the same."""

import numpy as np
import pytest
from psycopg import sql
from sqlalchemy import Engine

from enfilade.copying import copy_in, copy_out, driver, halfvec, integer, real, small, vector, whole

FIELDS = [integer("a"), small("b"), real("c"), vector("v", 5), halfvec("h", 3)]


@pytest.mark.parametrize("rows", [0, 1, 4096, 10_001])
def test_rows_come_back_as_they_went(engine: Engine, rows: int) -> None:
    random = np.random.default_rng(rows)
    columns = [
        random.integers(-(2**62), 2**62, rows),
        random.integers(-(2**15), 2**15, rows),
        random.random(rows, dtype=np.float32),
        random.random((rows, 5), dtype=np.float32),
        random.random((rows, 3)).astype(np.float16),
    ]
    with engine.begin() as connection:
        driver(connection).execute("CREATE TEMPORARY TABLE t (a bigint, b smallint, c real, v vector, h halfvec)")
        copy_in(connection, sql.Identifier("t"), FIELDS, *columns)
        back = whole(copy_out(connection, sql.SQL("SELECT * FROM t"), FIELDS), FIELDS)
    for field, column in zip(FIELDS, columns, strict=True):
        np.testing.assert_array_equal(back[field.name], column)


def test_nulls_and_other_widths_are_noticed(engine: Engine) -> None:
    with engine.begin() as connection:
        for query in ("SELECT NULL::bigint, 1::bigint", "SELECT 1::int, 1::bigint"):
            with pytest.raises(ValueError, match="is one null"):
                whole(copy_out(connection, sql.SQL(query), [integer("a"), integer("b")]), [integer("a"), integer("b")])
