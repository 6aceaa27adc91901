"""Graphs: the builds that paths go over."""

from dataclasses import asdict

from flask import Response, jsonify

from server.api.operations import Answer, Given, Noun
from server.api.parameters import SPACE
from server.api.shapes import ref
from server.builds import BuiltGraph
from server.builds import list_graphs as read_graphs
from server.services import reading

__all__ = ["graphs"]

graphs = Noun("graphs", __name__, about="The similarity graphs that paths go over.")


@graphs.operation(
    "GET",
    "/graphs",
    summary="The latest graphs",
    parameters=(SPACE,),
    answers={200: Answer("The graphs, newest first, at most 100.", ref("Graphs"))},
    problems=("invalid-parameters",),
)
def list_graphs(given: Given) -> Response:
    """Give the latest graphs."""
    with reading() as connection:
        return jsonify({"items": [_json(graph) for graph in read_graphs(connection, given.get("space"))]})


def _json(graph: BuiltGraph) -> dict[str, object]:
    times = {"published_at": graph.published_at, "retired_at": graph.retired_at}
    return {**asdict(graph), **{name: time and time.isoformat() for name, time in times.items()}}
