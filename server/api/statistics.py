"""Statistics: how much there is, and what was done."""

from flask import Response, jsonify

from enfilade.queries.collection import Run, get_collection, latest_runs
from server.api.operations import Answer, Given, Noun
from server.api.shapes import ref
from server.services import reading

__all__ = ["statistics"]

statistics = Noun("statistics", __name__, about="How much there is.")

RUNS = 5


@statistics.operation(
    "GET",
    "/statistics",
    summary="How much there is, and what was done",
    answers={200: Answer("The numbers.", ref("Statistics"))},
    problems=("invalid-parameters",),
)
def get_statistics(given: Given) -> Response:
    """Count what there is."""
    del given
    with reading() as connection:
        collection = get_collection(connection)
        runs = latest_runs(connection, RUNS)
    return jsonify(
        {
            "images": collection.images,
            "removed": collection.hidden,
            "occurrences": collection.occurrences,
            "rendition_bytes": collection.rendition_bytes,
            "rejections": dict(collection.rejections),
            "runs": [_json(run) for run in runs],
        }
    )


def _json(run: Run) -> dict[str, object]:
    # Not the source: a path on this machine.
    return {
        "id": run.id,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "counts": dict(run.counts),
        "rates": dict(run.rates),
    }
