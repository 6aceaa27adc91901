"""An operation of the API, declared once: its route, what it takes, what it answers, what can go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Blueprint, Response

from server.api.schemas import Schema

__all__ = ["Answer", "Body", "Form", "Given", "Link", "Noun", "Operation", "Parameter"]

Given = Mapping[str, Any]
"""What a request gave, by name, checked; absent where it was not given."""
View = Callable[[Given], Response]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that an operation takes by its address, or as a member of its body."""

    name: str
    schema: Schema
    description: str
    required: bool = False
    place: str = "query"
    """query, path, or header."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form that a body can have: its members, of which at least one is required and tells it from other forms."""

    name: str
    members: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What an operation takes as its body: the forms of each media type."""

    forms: Mapping[str, tuple[Form, ...]]
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go on from an answer: an operation, and which of its parameters come from where in the answer."""

    operation: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers with."""

    description: str
    schema: Mapping[str, Any] | None = None
    """A JSON Schema, or None where there is no body."""
    media_types: tuple[str, ...] = ("application/json",)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Name -> what it tells."""
    links: Mapping[str, Link] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """A route with its method, as openapi.json tells it."""

    name: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: Mapping[int, Answer]
    problems: tuple[str, ...]


class Noun(Blueprint):
    """A blueprint that knows its operations."""

    def __init__(self, name: str, import_name: str, *, prefix: str = "/api/v1", about: str) -> None:
        super().__init__(name, import_name, url_prefix=prefix)
        self.about = about
        self.prefix = prefix
        self.operations: list[Operation] = []

    def operation(
        self,
        method: str,
        path: str,
        *,
        summary: str,
        description: str = "",
        parameters: tuple[Parameter, ...] = (),
        body: Body | None = None,
        answers: Mapping[int, Answer],
        problems: tuple[str, ...] = (),
    ) -> Callable[[View], View]:
        """Route a function, which is given what the declared parameters and body hold, checked."""

        def declare(view: View) -> View:
            from server.api.reading import read_given  # noqa: PLC0415 — which reads what is declared here

            declared = Operation(
                view.__name__, method, self.prefix + path, self.name, summary, description, parameters, body, answers,
                problems,
            )  # fmt: skip
            self.operations.append(declared)

            @wraps(view)
            def answer(**places: str) -> Response:
                return view(read_given(declared, places))

            self.add_url_rule(path.replace("{", "<").replace("}", ">"), view.__name__, answer, methods=[method])
            return view

        return declare
