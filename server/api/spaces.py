"""Spaces: the meanings of likeness that are published."""

from dataclasses import asdict

from flask import Response, jsonify

from server.api.operations import Answer, Given, Noun
from server.api.shapes import ref
from server.builds import BuiltSpace
from server.builds import list_spaces as read_spaces
from server.services import reading

__all__ = ["spaces"]

spaces = Noun("spaces", __name__, about="What likeness means, and how pictures are placed by it.")


@spaces.operation(
    "GET",
    "/spaces",
    summary="Every published space",
    answers={200: Answer("The spaces, the default one first.", ref("Spaces"))},
    problems=("invalid-parameters",),
)
def list_spaces(given: Given) -> Response:
    """Give every published space."""
    del given
    with reading() as connection:
        return jsonify({"items": [_json(space) for space in read_spaces(connection)]})


def _json(space: BuiltSpace) -> dict[str, object]:
    return {**asdict(space), "created_at": space.created_at.isoformat()}
