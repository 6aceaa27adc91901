"""`/docs`: openapi.json for people, without any network; and a page for each problem's type."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template

from server.api.nouns import NOUNS
from server.api.openapi import describe
from server.problems import PROBLEMS

__all__ = ["docs"]

docs = Blueprint("docs", __name__, template_folder="templates")


@docs.get("/docs")
def show_docs() -> Response:
    """Show every operation."""
    return make_response(render_template("docs.html", api=_description(), problems=PROBLEMS.values()))


@docs.get("/problems/<slug>")
def show_problem(slug: str) -> Response:
    """Say what a problem's type means."""
    if slug not in PROBLEMS:
        abort(404)
    return make_response(render_template("problem.html", problem=PROBLEMS[slug]))


@cache
def _description() -> Mapping[str, Any]:
    return describe(NOUNS)


@docs.app_template_filter("kind_of_value")
def kind_of_value(schema: Mapping[str, Any]) -> str:
    """Tell a schema in a few words: `integer, 1 to 100`."""
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {kind_of_value(schema['items'])}"
    if kind == "integer" and schema.get("maximum", 2**31) < 2**31 - 1:
        return f"integer, {schema['minimum']} to {schema['maximum']}"
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format") or kind)
