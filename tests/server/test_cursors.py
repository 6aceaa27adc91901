"""A cursor reads back what was written, and nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cursors import read_cursor, write_cursor
from server.errors import UnknownCursorError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.booleans(), TEXTS, st.integers(-(2**63) + 1, 2**63 - 1))
def test_what_was_written_is_read(missing: bool, key: str, last: int) -> None:  # noqa: FBT001
    cursor = write_cursor("title", (missing, key, last))
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert read_cursor(cursor, "title", (bool, str, int)) == [missing, key, last]


@given(st.text())
def test_whatever_else_is_no_cursor(cursor: str) -> None:
    with contextlib.suppress(UnknownCursorError):
        read_cursor(cursor, "id", (int,))


@pytest.mark.parametrize("keys", [(True,), ("1",), (2**63,), (1.5,), (None,), ()])
def test_keys_of_another_kind_are_refused(keys: tuple[object, ...]) -> None:
    with pytest.raises(UnknownCursorError):
        read_cursor(write_cursor("id", keys), "id", (int,))  # type: ignore[arg-type]
