"""Note what a request answered, for the log of queries. Whether there is one, routes need not know."""

import time
from datetime import UTC, datetime
from typing import Literal

from flask import Flask, Response, g

from enfilade.queries.log import Query
from server.query_log import QueryLog
from server.searching import Found
from server.walking import Walks

__all__ = ["Operation", "log_queries", "note"]

Operation = Literal["search_upload", "search_url", "search_members", "neighbours", "path"]
_FAILED = 400


def note(operation: Operation, found: Found | Walks) -> None:
    """Note that the current request is answered with this."""
    g.answered = operation, found


def log_queries(app: Flask, log: QueryLog) -> None:
    """Log each answer of an app that was noted."""

    def end(response: Response) -> Response:
        if "answered" in g and response.status_code < _FAILED:
            log.add(_query(*g.answered))
        return response

    app.after_request(end)


def _query(operation: Operation, found: Found | Walks) -> Query:
    match = getattr(found, "match", None)  # of a search by a picture, where confidence is calibrated
    confidence = getattr(match, "same_work", None)
    return Query(
        at=datetime.now(UTC),
        operation=operation,
        space_id=found.space_id,
        milliseconds=1000 * (time.perf_counter() - g.started),
        verdict=getattr(match, "verdict", None),
        confidence=None if confidence is None else float(confidence),
    )
