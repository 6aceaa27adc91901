"""Paths: the walks from one picture to another."""

from dataclasses import fields
from functools import partial
from typing import Final

from flask import Response, jsonify

from enfilade.paths import MOST_BETWEEN
from enfilade.queries.paths import MODES, Question
from server.api.images import links_to
from server.api.operations import Answer, Body, Form, Given, Link, Noun, Parameter
from server.api.parameters import FILE_OR_ID, FILTERS, ID_SCHEMA, SPACE, filters_from
from server.api.records import walks_json
from server.api.shapes import ref
from server.errors import BadParametersError
from server.links import walk_address
from server.noting import note
from server.services import reading, services
from server.walking import Walks, walk

__all__ = ["paths"]

paths = Noun("paths", __name__, about="Walks on which each picture looks like the one before.")

MOST_ALTERNATIVES: Final = 5
MOST_VIA, MOST_AVOID = 50, 50
MOST_VIA_EVEN = 8
"""An even walk takes some tenths of a second for each part, in a graph of 100,000 images."""

SOURCE: Final = Parameter("source", ID_SCHEMA, "The image to begin with.", required=True)
TARGET: Final = Parameter("target", ID_SCHEMA, "The image to end with.", required=True)
BROUGHT: Final = tuple(
    Parameter(one.name, FILE_OR_ID, f"{one.description[:-1]}, or a picture's file.", required=True)
    for one in (SOURCE, TARGET)
)
OPTIONS: Final = (
    SPACE,
    Parameter(
        "mode",
        {"type": "string", "enum": list(MODES), "default": "shortest"},
        "shortest: the least sum of angles. smooth: the least worst step, and of those the shortest. even: exactly "
        "`between` pictures between the two, as evenly spaced as can be and always getting on; `between` alone asks "
        "for it too.",
    ),
    Parameter(
        "between",
        {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**31 - 1},
        f"How many pictures between the two, for the mode even; up to {MOST_BETWEEN}. Left out, the number that comes "
        "out best is chosen.",
    ),
    Parameter(
        "via",
        {"type": "array", "items": ID_SCHEMA, "minItems": 0, "maxItems": MOST_VIA},
        f"Images to go by way of, in this order; may repeat, {MOST_VIA_EVEN} times in the mode even, which then takes "
        "no alternatives.",
    ),
    Parameter(
        "avoid",
        {"type": "array", "items": ID_SCHEMA, "minItems": 0, "maxItems": MOST_AVOID},
        "Images not to go by; may repeat.",
    ),
    Parameter(
        "alternatives",
        {"type": "integer", "minimum": 1, "maximum": MOST_ALTERNATIVES, "default": 1},
        "How many paths in all, where there are so many: none shares more than half of its inner images with a better.",
    ),
    *FILTERS,
    Parameter("graph", ID_SCHEMA, "A graph, by id; by default the one that is published for the space."),
)
PROBLEMS: Final = (
    "invalid-parameters", "unknown-image", "removed-image", "unplaced-image", "unknown-space", "empty-collection",
    "unknown-graph", "dropped-graph", "broken-link", "no-path", "filtered-path", "no-even-path", "between-out-of-range",
    "same-ends", "repeated-via", "avoided-stop",
)  # fmt: skip
ABOUT: Final = (
    "Every pair of images has a path. Filters and `avoid` say which pictures it may show between its ends and "
    "waypoints. An answer names its graph: ask for that graph again and the path is the same, for as long as the graph "
    "is kept (two replaced ones of each space are) and no image on the path is removed, or found to show the same work "
    "as another: of each work a path comes by one image alone, where it can. Without `graph` a path never fails for "
    "that: in the seconds between a removal and the next graph, a walk goes around what was removed."
)


@paths.operation(
    "GET",
    "/paths",
    summary="Walk from one image to another",
    description=ABOUT,
    parameters=(SOURCE, TARGET, *OPTIONS),
    answers={
        200: Answer(
            "The paths, the best first.",
            ref("Paths"),
            links=links_to("/paths/0/images/0/id")
            | {
                "same": Link(
                    "find_paths",
                    {
                        "source": "$request.query.source",
                        "target": "$request.query.target",
                        "graph": "$response.body#/graph",
                    },
                )
            },
        )
    },
    problems=PROBLEMS,
)
def find_paths(given: Given) -> Response:
    """Give the paths between two images."""
    return _answer(given)


@paths.operation(
    "POST",
    "/paths",
    summary="Walk from or to a picture of yours",
    description="As multipart/form-data, where `source` or `target` may be a file: it is joined to the images nearest "
    "to it, and nothing of it is kept. One that is in the collection already walks as itself. As JSON, the same "
    "question as GET takes, however long. " + ABOUT,
    body=Body(
        {
            "multipart/form-data": (Form("PathsForUploads", (*BROUGHT, *OPTIONS)),),
            "application/json": (Form("PathsForMembers", (SOURCE, TARGET, *OPTIONS)),),
        },
        examples={"application/json": {"source": 1, "target": 2, "mode": "even", "between": 5}},
    ),
    answers={200: Answer("The paths, the best first.", ref("Paths"))},
    problems=(
        *PROBLEMS, "unreadable-body", "unsupported-media-type", "too-large", "refused-image", "too-many-uploads",
        "network-missing", "decoder-missing", "large-uploads-waiting", "too-slow",
    ),
)  # fmt: skip
def find_paths_for_uploads(given: Given) -> Response:
    """Give the paths between two pictures, of which either may be a file."""
    return _answer(given)


def _answer(given: Given) -> Response:
    question = _question(given)
    with reading() as connection:
        found = walk(
            connection,
            services().graphs,
            services().embedders,
            question,
            space=given.get("space"),
            graph=given.get("graph"),
        )
    note("path", found)
    return jsonify(walks_json(found, partial(_address, found) if question.members_only else None))


def _address(found: Walks, route: str) -> str:
    return walk_address(route, found.question, space=found.space, graph=found.graph_id)


def _question(given: Given) -> Question:
    """Read what is asked; `between` asks for even paths. Raises BadParametersError."""
    plain = {field.name: given[field.name] for field in fields(Question) if field.name in given}
    several = {name: tuple(given.get(name, ())) for name in ("via", "avoid")}
    mode = given.get("mode", "even" if "between" in given else "shortest")
    if "between" in given and mode != "even":
        raise BadParametersError({"between": "goes with the mode even alone"})
    if mode == "even" and len(several["via"]) > MOST_VIA_EVEN:
        raise BadParametersError({"via": f"may be given {MOST_VIA_EVEN} times in the mode even"})
    if mode == "even" and several["via"] and given.get("alternatives", 1) > 1:
        raise BadParametersError({"alternatives": "go with no via in the mode even"})
    return Question(**{**plain, **several, "mode": mode, "filters": filters_from(given)})
