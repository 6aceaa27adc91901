"""Health: for whoever keeps the server running."""

from dataclasses import asdict

from flask import Response, current_app, jsonify, make_response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import OperationalError, ProgrammingError

from enfilade.queries.images import count_images
from enfilade.queries.spaces import published_graphs
from server.api.operations import Answer, Given, Noun
from server.api.shapes import ref
from server.handling import problem_of
from server.metrics import metrics_text
from server.readiness import check_readiness
from server.services import reading, services

__all__ = ["health"]

health = Noun("health", __name__, prefix="", about="For whoever keeps the server running.")


@health.operation(
    "GET",
    "/healthz",
    summary="Does the process answer?",
    answers={200: Answer("It does.", ref("Health"))},
    problems=("invalid-parameters",),
)
def get_health(given: Given) -> Response:
    """Say that the process answers; asks nothing of the database."""
    del given
    return jsonify({"status": "alive"})


@health.operation(
    "GET",
    "/readyz",
    summary="Will searches, walks and uploads be answered?",
    description="Looks at the database, its tables, the network's weights and the published graph. An empty collection "
    "is ready, and says that it is empty.",
    answers={200: Answer("They will.", ref("Readiness"))},
    problems=("invalid-parameters", "not-ready"),
)
def get_readiness(given: Given) -> Response:
    """Say whether everything is there that answers need."""
    del given
    with reading() as connection:
        checks = list(check_readiness(connection, services().home, services().embedders))
        empty = all(check.ready for check in checks) and not count_images(connection)
    told = [asdict(check) for check in checks]
    missing = [f"{check.name}: {check.detail}" for check in checks if not check.ready]
    if missing:
        return problem_of("not-ready", "; ".join(missing), checks=told)
    return jsonify({"ready": True, "empty": empty, "checks": told})


@health.operation(
    "GET",
    "/metrics",
    summary="Metrics for Prometheus",
    answers={200: Answer("Prometheus's text format.", {"type": "string"}, media_types=("text/plain",))},
    problems=("invalid-parameters",),
)
def get_metrics(given: Given) -> Response:
    """Give counts and durations of requests, and how large the collection is; also while the database is away."""
    del given
    folder = current_app.config["SHARED_FOLDER"]
    try:
        with reading() as connection:
            text = metrics_text(folder, count_images(connection), published_graphs(connection))
    except (OperationalError, ProgrammingError):
        text = metrics_text(folder, None, [])
    answer = make_response(text)
    answer.content_type = CONTENT_TYPE_LATEST
    return answer
