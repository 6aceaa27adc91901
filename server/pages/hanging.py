"""A page of the collection, ready to be hung: its pictures, its filters, the links to the pages around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import Connection

from enfilade.queries.images import Image
from server.browsing import FACETS, SORTS, Facet, browse, facets, locate
from server.pages.asking import ATTRIBUTE, Asked, ask, words

__all__ = ["FIRST_SORT", "PAGE", "Chip", "Hung", "Wall", "Way", "chip", "hang", "offer"]

PAGE = 48
FIRST_SORT = "mixed" if "mixed" in SORTS else "id"
_CHIPS = {"q": "“{}”", "year_from": "from {}", "year_to": "until {}"}


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a picture beside its own, in a word or two."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture on a wall, where it leads, a note on it, what it stands for beside itself, and other ways on."""

    image: Image
    url: str
    note: str | None = None
    more: str | None = None
    ways: Sequence[Way] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Wall:
    """All that the templates of a wall need.

    kept: what travels along as hidden fields of the form. passed: how many pictures come before this page.
    """

    asked: Asked
    kept: Mapping[str, Any]
    here: str
    sort: str
    sorts: Sequence[str]
    hung: Sequence[Hung]
    total: int
    passed: int
    choices: Mapping[str, Sequence[Facet]]
    chips: Sequence[Chip]
    clear_url: str
    previous_url: str | None
    next_url: str | None

    @property
    def empty_collection(self) -> bool:
        """Whether there is nothing to filter."""
        return not (self.total or self.asked.query)


def hang(connection: Connection, endpoint: str, lead: Callable[[Image], str], **kept: Any) -> Wall:  # noqa: ANN401
    """Hang what the current request asks for; `lead` tells where a picture leads, `kept` what the address keeps."""
    asked = ask(request.args)
    sort = words(request.args, "sort") or FIRST_SORT
    cursor = words(request.args, "cursor")
    listing: dict[str, Any] = {"q": asked.q, "sort": sort, "limit": PAGE}
    page = browse(connection, asked.filters, cursor=cursor, **listing)
    passed, before = locate(connection, asked.filters, cursor=cursor, **listing) if cursor else (0, None)
    kept = {name: value for name, value in kept.items() if value is not None}
    sorting = {} if sort == FIRST_SORT else {"sort": sort}

    def address(query: Mapping[str, Any]) -> str:
        return url_for(endpoint, **kept, **query)

    def turn(to: str | None) -> str:
        return address({**asked.query, **sorting, **({"cursor": to} if to else {})})

    return Wall(
        asked=asked,
        kept=kept,
        here=url_for(endpoint),
        sort=sort,
        sorts=[FIRST_SORT, *(name for name in SORTS if name != FIRST_SORT)],
        hung=[Hung(image, lead(image)) for image in page.items],
        total=page.total,
        passed=passed,
        choices=offer(connection, asked),
        chips=[
            Chip(chip(name, value), address({**_without(asked.query, name), **sorting}))
            for name, value in asked.query.items()
        ],
        clear_url=address(sorting),
        previous_url=turn(before) if cursor else None,
        next_url=turn(page.next) if page.next else None,
    )


def offer(connection: Connection, asked: Asked) -> dict[str, list[Facet]]:
    """Give what each filter offers. What is chosen is among it, even where nothing else that was asked for meets it."""
    found = facets(connection, asked.filters, asked.q)
    choices = {}
    for name in FACETS:
        offered, chosen = found.get(name, []), getattr(asked, name)
        missing = chosen is not None and all(facet.value != chosen for facet in offered)
        choices[name] = [Facet(chosen, 0), *offered] if missing else offered
    return choices


def chip(name: str, value: object) -> str:
    """Tell a filter that is set, in a word or two."""
    if name.startswith(ATTRIBUTE):
        return f"{name.removeprefix(ATTRIBUTE)}: {value}"
    return _CHIPS.get(name, "{}").format(value)


def _without(query: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in query.items() if key != name}
