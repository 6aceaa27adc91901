"""What a page was asked for, read from its address or its form. Knows no tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from enfilade.queries.images import Filters
from server.errors import BadParametersError

__all__ = ["Asked", "ask", "image_id", "image_ids", "number", "words"]

ATTRIBUTE = "attributes."
LONGEST = 500
LARGEST_ID = 2**63 - 1  # a Postgres bigint
FARTHEST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Asked:
    """Words and filters. `query` gives them back as an address has them."""

    q: str | None = None
    artist: str | None = None
    style: str | None = None
    genre: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> Filters:
        """The filters, without the words."""
        return Filters(
            artist=self.artist,
            style=self.style,
            genre=self.genre,
            year_from=self.year_from,
            year_to=self.year_to,
            attributes=self.attributes,
        )

    @property
    def query(self) -> dict[str, Any]:
        """What was asked for, by the names of the address; what was not is left out."""
        plain = {name: getattr(self, name) for name in ("q", "artist", "style", "genre", "year_from", "year_to")}
        given = {name: value for name, value in plain.items() if value is not None}
        return given | {f"{ATTRIBUTE}{name}": value for name, value in self.attributes.items()}


def ask(values: MultiDict[str, str]) -> Asked:
    """Read words and filters; what is empty was not asked for. Raises BadParametersError."""
    for name in values:
        if "\0" in name:
            raise BadParametersError({name.replace("\0", "?"): "has a name that no database would take"})
    attributes = {
        name.removeprefix(ATTRIBUTE): value.strip()
        for name, value in values.items()
        if name.startswith(ATTRIBUTE) and words(values, name)
    }
    return Asked(
        q=words(values, "q"),
        artist=words(values, "artist"),
        style=words(values, "style"),
        genre=words(values, "genre"),
        year_from=number(values, "year_from", -FARTHEST_YEAR, FARTHEST_YEAR),
        year_to=number(values, "year_to", -FARTHEST_YEAR, FARTHEST_YEAR),
        attributes=attributes,
    )


def words(values: MultiDict[str, str], name: str) -> str | None:
    """Read a text, or nothing. Raises BadParametersError for one that no database would take."""
    value = (values.get(name) or "").strip()
    if "\0" in value or len(value) > LONGEST:
        raise BadParametersError({name: f"must be text of at most {LONGEST} characters"})
    return value or None


def number(values: MultiDict[str, str], name: str, least: int, most: int) -> int | None:
    """Read a whole number, or nothing. Raises BadParametersError."""
    value = words(values, name)
    if value is None:
        return None
    try:
        found = int(value)
    except ValueError:
        raise BadParametersError({name: f"is {value!r}; it must be a whole number"}) from None
    if not least <= found <= most:
        raise BadParametersError({name: f"must be from {least} to {most}"})
    return found


def image_id(values: MultiDict[str, str], name: str) -> int | None:
    """Read the id of an image, or nothing. Raises BadParametersError."""
    return number(values, name, 0, LARGEST_ID)


def image_ids(values: MultiDict[str, str], name: str, most: int) -> tuple[int, ...]:
    """Read the ids of images, given any number of times up to `most`. Raises BadParametersError."""
    given = [MultiDict({name: value}) for value in values.getlist(name)]
    if len(given) > most:
        raise BadParametersError({name: f"may be given {most} times"})
    return tuple(found for one in given if (found := image_id(one, name)) is not None)
