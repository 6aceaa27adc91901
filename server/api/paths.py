"""Paths: the walk from one image to another."""

from typing import Final

from flask import Response, jsonify

from server.api.images import links_to
from server.api.operations import Answer, Given, Link, Noun, Parameter
from server.api.parameters import ID_SCHEMA, SPACE
from server.api.shapes import ref, walk_json
from server.services import reading, services
from server.walking import walk

__all__ = ["paths"]

paths = Noun("paths", __name__, about="Walks on which each picture looks like the one before.")

MODES: Final = ("shortest",)


@paths.operation(
    "GET",
    "/paths",
    summary="Walk from one image to another",
    description="Every pair of images has a path. An answer names its graph: ask for that graph again and the path is "
    "the same, for as long as the graph is kept (two replaced ones of each space are) and no image on the path is "
    "removed. Without `graph` a path never fails for that: in the seconds between a removal and the next graph, a walk "
    "steps over what was removed.",
    parameters=(
        Parameter("source", ID_SCHEMA, "The image to begin with.", required=True),
        Parameter("target", ID_SCHEMA, "The image to end with.", required=True),
        SPACE,
        Parameter(
            "mode",
            {"type": "string", "enum": list(MODES), "default": "shortest"},
            "shortest: the least sum of angles. The only one so far.",
        ),
        Parameter("graph", ID_SCHEMA, "A graph, by id; by default the one that is published for the space."),
    ),
    answers={
        200: Answer(
            "The path.",
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
    problems=(
        "invalid-parameters", "unknown-image", "removed-image", "unplaced-image", "unknown-space", "empty-collection",
        "unknown-graph", "dropped-graph", "broken-link", "no-path",
    ),
)  # fmt: skip
def find_paths(given: Given) -> Response:
    """Give the shortest path between two images."""
    with reading() as connection:
        walked = walk(
            connection,
            services().graphs,
            given["source"],
            given["target"],
            space=given.get("space"),
            graph=given.get("graph"),
        )
    return jsonify(walk_json(walked))
