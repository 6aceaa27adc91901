"""A manifest's columns become ours, or attributes; nothing that Postgres can't hold gets through."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.described import clean, describe

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_known_columns_are_columns_and_others_are_attributes() -> None:
    said = describe(
        {"title": " Irises ", "Artist": "V. Ink", "license": "CC0", "year": "c. 1889", "room": "4", "style": ""}
    )
    assert (said.title, said.artist, said.licence, said.style) == ("Irises", "V. Ink", "CC0", None)
    assert (said.year_from, said.year_to) == (1889, 1889)
    assert said.attributes == {"year": "c. 1889", "room": "4"}


def test_a_year_that_cannot_be_read_stays_as_it_was_written() -> None:
    said = describe({"year": "before the flood"})
    assert said.year_from is None
    assert said.attributes == {"year": "before the flood"}


def test_what_is_too_long_for_an_index_is_an_attribute() -> None:
    said = describe({"artist": "x" * 20_000})
    assert said.artist is None
    assert len(said.attributes["artist"]) == 20_000


def test_a_number_is_a_title_and_a_list_is_an_attribute() -> None:
    assert describe({"title": 1984}).title == "1984"
    assert describe({"title": ["a", "b"]}).attributes == {"title": ["a", "b"]}


@given(st.dictionaries(st.text(), json_values, max_size=6))
def test_whatever_is_said_can_be_stored_as_json_text(metadata: dict[str, object]) -> None:
    cleaned = clean(metadata)
    text = json.dumps(cleaned, allow_nan=False, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert clean(cleaned) == cleaned
