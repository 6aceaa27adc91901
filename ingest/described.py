"""From a source's own words on a picture to the columns of `image`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.years import parse_years

__all__ = ["Description", "describe", "value_of"]

COLUMNS = {
    "title": "title",
    "artist": "artist",
    "style": "style",
    "genre": "genre",
    "licence": "licence",
    "license": "licence",
}
LARGEST_YEAR = 9999
LONGEST_TEXT = 500
"""Characters. Longer ones become attributes: no title is as long, and Postgres indexes up to some 2,700 bytes."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a picture."""

    title: str | None
    artist: str | None
    year_from: int | None
    year_to: int | None
    style: str | None
    genre: str | None
    licence: str | None
    attributes: dict[str, Any]


def describe(metadata: Mapping[str, Any]) -> Description:
    """Sort a manifest's columns into ours; every other one, and the year as it was written, become attributes."""
    said = clean(metadata)
    texts: dict[str, str | None] = dict.fromkeys(COLUMNS.values())
    attributes: dict[str, Any] = {}
    for name, value in said.items():
        column = COLUMNS.get(name.lower())
        text = str(value) if isinstance(value, str | int | float) else ""
        if column and text and len(text) <= LONGEST_TEXT and texts[column] is None:
            texts[column] = text
        else:
            attributes[name] = value
    year = next((value for name, value in said.items() if name.lower() == "year"), "")
    years = parse_years(str(year))
    first, last = years if years and max(map(abs, years)) <= LARGEST_YEAR else (None, None)
    return Description(**texts, year_from=first, year_to=last, attributes=attributes)


def value_of(description: Description, name: str) -> str | None:
    """Find what a column says of a picture, as text."""
    column = COLUMNS.get(name.lower())
    if column:
        value = getattr(description, column)
    else:
        value = next((value for key, value in description.attributes.items() if key.lower() == name.lower()), None)
    return None if value is None or value == "" else str(value)


def clean(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is empty, and what Postgres can't hold in text or JSON (NUL, lone surrogates, NaN)."""
    cleaned = {_clean(str(name)): _clean(value) for name, value in metadata.items()}
    return {name: value for name, value in cleaned.items() if name and value is not None and value != ""}


def _clean(value: Any) -> Any:  # noqa: ANN401 — any JSON
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode().strip()
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {_clean(str(name)): _clean(member) for name, member in value.items()}
        case list():
            return [_clean(member) for member in value]
        case _:
            return value
