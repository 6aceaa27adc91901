"""What a page of walks was asked for, and the addresses that ask for something else. Knows no tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from enfilade.queries.paths import MODES, Question
from server.errors import BadParametersError
from server.links import filter_query, walk_address
from server.pages.asking import LARGEST_ID, ask, image_id, image_ids, number, words
from server.pages.hanging import chip

__all__ = ["ALTERNATIVES", "MOST_STOPS", "Turn", "address", "ask_walk", "turns"]

ALTERNATIVES = 5
MOST_STOPS = 50
MOST_STOPS_EVEN = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was asked for, and the address without it."""

    text: str
    url: str


def ask_walk(values: MultiDict[str, str], **ends: int | bytes) -> Question:
    """Read what walks are asked for; ends: those that are known otherwise. Raises BadParametersError."""
    between = number(values, "between", 0, LARGEST_ID)
    mode = words(values, "mode") or ("shortest" if between is None else "even")
    if mode not in MODES:
        raise BadParametersError({"mode": f"must be one of {', '.join(MODES)}"})
    via = image_ids(values, "via", MOST_STOPS)
    alternatives = number(values, "alternatives", 1, ALTERNATIVES) or 1
    if mode == "even" and len(via) > MOST_STOPS_EVEN:
        raise BadParametersError({"via": f"may be {MOST_STOPS_EVEN} pictures on an even walk"})
    return Question(
        source=ends.get("source", image_id(values, "source") or 0),
        target=ends.get("target", image_id(values, "target") or 0),
        mode=mode,
        between=between if mode == "even" else None,  # the form sends it along with every mode
        via=via,
        avoid=image_ids(values, "avoid", MOST_STOPS),
        filters=ask(values).filters,
        alternatives=1 if mode == "even" and via else alternatives,
    )


def address(question: Question, space: str | None, **changed: Any) -> str:  # noqa: ANN401 — fields of a question
    """Give the address of a page of walks with something else asked for; `graph` may be among it."""
    graph = changed.pop("graph", None)
    return walk_address("/path", replace(question, **changed), space=space, graph=graph)


def turns(question: Question, space: str | None, titles: Mapping[int, str]) -> Sequence[Turn]:
    """Tell what is asked for beyond the ends, each with the address without it."""
    stops = [
        Turn(f"by way of {titles[one]}", address(question, space, via=_less(question.via, one))) for one in question.via
    ]
    stops += [
        Turn(f"without {titles[one]}", address(question, space, avoid=_less(question.avoid, one)))
        for one in question.avoid
    ]
    asked = filter_query(question.filters)
    return stops + [
        Turn(
            f"only {chip(name, value)}",
            address(question, space, filters=ask(MultiDict(_without(asked, name))).filters),
        )
        for name, value in asked.items()
    ]


def _without(asked: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: str(value) for key, value in asked.items() if key != name}


def _less(ids: tuple[int, ...], one: int) -> tuple[int, ...]:
    return tuple(other for other in ids if other != one)
