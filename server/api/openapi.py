"""openapi.json, made of what the operations declare."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from flask import Response, jsonify

from server.api.operations import Answer, Body, Given, Link, Noun, Operation, Parameter
from server.api.reading import ATTRIBUTES
from server.api.shapes import SHAPES, ref
from server.problems import MEDIA_TYPE, PROBLEMS

__all__ = ["describe", "description"]

description = Noun("description", __name__, prefix="", about="What the API is.")

ALWAYS = ("database-away", "server-error")
"""What any operation may answer with."""
REQUEST_ID = Parameter(
    "X-Request-ID",
    {"type": "string"},
    "An id of yours for this request: up to 64 letters, digits, `.`, `_` and `-`. Anything else is replaced.",
    place="header",
)
ABOUT = """Enfilade knows, for each picture of a collection, the pictures like it: neighbours, search by a picture of
yours, and paths on which each step looks like the one before. Distances are angles in radians between unit vectors.
Errors are `application/problem+json`; each `type` has a page that says what it means."""


@description.operation(
    "GET",
    "/openapi.json",
    summary="This description",
    answers={200: Answer("OpenAPI 3.1.", {"type": "object", "additionalProperties": True})},
    problems=("invalid-parameters",),
)
def get_openapi(given: Given) -> Response:
    """Give the description of every operation."""
    del given
    from server.api.nouns import NOUNS  # noqa: PLC0415 — which lists this one too

    return jsonify(describe(NOUNS))


def describe(nouns: Iterable[Noun]) -> dict[str, Any]:
    """Describe every operation of some nouns, as OpenAPI 3.1 has it."""
    listed = list(nouns)
    paths: dict[str, dict[str, Any]] = {}
    for operation in (operation for noun in listed for operation in noun.operations):
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Enfilade",
            "version": version("enfilade"),
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": noun.name, "description": noun.about} for noun in listed],
        "paths": paths,
        "components": {"schemas": {**SHAPES, **_forms(listed)}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.description:
        told["description"] = operation.description
    told["parameters"] = [_parameter(parameter) for parameter in (*operation.parameters, REQUEST_ID)]
    if operation.body is not None:
        told["requestBody"] = _body(operation.body)
    answers = {str(status): _answer(answer) for status, answer in operation.answers.items()}
    return {**told, "responses": answers | _problems(operation.problems)}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": parameter.schema,
    }
    # Its properties are then parameters of their own: attributes.NAME=value.
    return {**told, "style": "form", "explode": True} if parameter.name == ATTRIBUTES else told


def _body(body: Body) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for media_type, forms in body.forms.items():
        shapes = [ref(form.name) for form in forms]
        content[media_type] = {"schema": shapes[0] if len(shapes) == 1 else {"oneOf": shapes}}
        if media_type in body.examples:
            content[media_type]["example"] = body.examples[media_type]
    return {"required": True, "content": content}


def _forms(nouns: Iterable[Noun]) -> dict[str, Any]:
    bodies = [operation.body for noun in nouns for operation in noun.operations if operation.body]
    return {form.name: _members(form.members) for body in bodies for forms in body.forms.values() for form in forms}


def _members(members: tuple[Parameter, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "object",
        "properties": {
            member.name: {**member.schema, "description": member.description}
            for member in members
            if member.name != ATTRIBUTES
        },
        "additionalProperties": False,
    }
    if required := [member.name for member in members if member.required]:
        told["required"] = required
    for member in members:
        if member.name == ATTRIBUTES:
            pattern = member.schema["propertyNames"]["pattern"]
            told["patternProperties"] = {
                pattern: {**member.schema["additionalProperties"], "description": member.description}
            }
    return told


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.description}
    if answer.schema is not None:
        told["content"] = {media_type: {"schema": answer.schema} for media_type in answer.media_types}
    headers = {"X-Request-ID": "This request, as the log names it.", **answer.headers}
    told["headers"] = {name: _header(tells) for name, tells in headers.items()}
    if answer.links:
        told["links"] = {name: _link(link) for name, link in answer.links.items()}
    return told


def _link(link: Link) -> dict[str, Any]:
    return {"operationId": link.operation, "parameters": dict(link.parameters)}


def _header(tells: str) -> Mapping[str, Any]:
    return {"description": tells, "schema": {"type": "string"}}


def _problems(slugs: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for slug in (*slugs, *ALWAYS):
        for status in PROBLEMS[slug].statuses:
            by_status.setdefault(status, []).append(slug)
    return {str(status): _problem(status, several) for status, several in sorted(by_status.items())}


def _problem(status: int, slugs: list[str]) -> dict[str, Any]:
    meanings = "\n".join(f"- `/problems/{slug}`: {PROBLEMS[slug].meaning}" for slug in slugs)
    headers = {"X-Request-ID": "This request, as the log names it."}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = "Seconds after which to try again."
    return {
        "description": f"{HTTPStatus(status).phrase}\n\n{meanings}",
        "headers": {name: _header(tells) for name, tells in headers.items()},
        "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
    }
