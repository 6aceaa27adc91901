"""Which pictures of the collection a search is to be like and unlike, and the addresses that ask for others.

Knows no tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from enfilade.queries.images import Image
from server.errors import BadParametersError
from server.pages.asking import Asked, ask, image_ids, words
from server.pages.hanging import Way

__all__ = ["MOST_SEEDS", "Liking", "address", "ask_liking", "begin", "ways", "without"]

MOST_SEEDS: Final = 50
"""As the API has it."""


@dataclass(frozen=True, slots=True)
class Liking:
    """Pictures to be like and unlike, by id, and what is asked beside them."""

    like: tuple[int, ...] = ()
    unlike: tuple[int, ...] = ()
    space: str | None = None
    asked: Asked = field(default_factory=Asked)
    duplicates: bool = False


def ask_liking(values: MultiDict[str, str]) -> Liking | None:
    """Read what a search is to be like; None where it is asked otherwise. Raises BadParametersError."""
    like, unlike = (tuple(dict.fromkeys(image_ids(values, name, MOST_SEEDS))) for name in ("like", "unlike"))
    if unlike and not like:
        raise BadParametersError({"unlike": "can't stand alone: name a picture to be like, too"})
    every = words(values, "duplicates") == "all"
    return Liking(like, unlike, words(values, "space"), ask(values), every) if like else None


def address(liking: Liking, **changed: Any) -> str:  # noqa: ANN401 — fields of a liking
    """Give the address of a search with something else asked for."""
    wanted = replace(liking, **changed)
    asked: dict[str, Any] = {
        "like": list(wanted.like),
        "unlike": list(wanted.unlike),
        "space": wanted.space,
        "duplicates": "all" if wanted.duplicates else None,
        **wanted.asked.query,
    }
    return url_for("pages.search", **asked)


def begin(image_id: int, space: str | None, asked: Asked | None = None, *, duplicates: bool = False) -> str:
    """Give the address of a search for more like one picture."""
    return address(Liking((image_id,), (), space, asked or Asked(), duplicates))


def without(liking: Liking, image_id: int) -> str:
    """Give the address without one of its pictures; with the last that is liked, those that are not go too."""
    like, unlike = (tuple(one for one in ids if one != image_id) for ids in (liking.like, liking.unlike))
    return address(liking, like=like, unlike=unlike if like else ())


def ways(liking: Liking, image: Image) -> Iterator[Way]:
    """Lead to a search that is to be like a picture that was found, too, and to one that is to be unlike it."""
    if len(liking.like) < MOST_SEEDS:
        yield Way("More like this", address(liking, like=(*liking.like, image.id)))
    if len(liking.unlike) < MOST_SEEDS:
        yield Way("Less like this", address(liking, unlike=(*liking.unlike, image.id)))
