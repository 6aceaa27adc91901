"""How every error is answered: which means which problem, as JSON to programs and as a page to people."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import psycopg
from flask import Flask, Response, current_app, g, json, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from enfilade import errors as core
from server import errors
from server.links import address_without
from server.pages import render_error
from server.problems import MEDIA_TYPE, PROBLEMS, REFUSED

__all__ = ["handle_errors", "problem_of"]

RETRY_SECONDS = 2
"""An embedded Postgres is up again in one."""
SLOW_LANE_SECONDS = 10
"""What a large picture or two take."""
PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_log = logging.getLogger("enfilade.problems")

# The first class that fits counts.
_SLUGS: Final[Mapping[type[Exception], str]] = {
    errors.BadParametersError: "invalid-parameters",
    errors.UnreadableBodyError: "unreadable-body",
    errors.UnsupportedMediaTypeError: "unsupported-media-type",
    errors.FetchingOffError: "fetching-off",
    errors.UnfetchableUrlError: "unfetchable-url",
    errors.TooManyUploadsError: "too-many-uploads",
    core.RemovedImageError: "removed-image",
    core.UnplacedImageError: "unplaced-image",
    errors.UnknownRenditionError: "unknown-rendition",
    errors.UnknownCursorError: "unknown-cursor",
    core.UnknownGraphError: "unknown-graph",
    core.DroppedGraphError: "dropped-graph",
    errors.BrokenLinkError: "broken-link",
    core.UnknownImageError: "unknown-image",
    core.UnknownSpaceError: "unknown-space",
    core.EmptyCollectionError: "empty-collection",
    core.RefusedImageError: "refused-image",
    core.FilteredPathError: "filtered-path",
    core.NoEvenPathError: "no-even-path",
    core.NoPathError: "no-path",
    core.BetweenOutOfRangeError: "between-out-of-range",
    core.SameEndsError: "same-ends",
    core.RepeatedViaError: "repeated-via",
    core.AvoidedStopError: "avoided-stop",
    core.BackboneError: "network-missing",
    errors.DecoderError: "decoder-missing",
    errors.SlowLaneError: "large-uploads-waiting",
    errors.SlowSenderError: "too-slow",
    core.DatabaseUnreachableError: "database-away",
    OperationalError: "database-away",
    InterfaceError: "database-away",
    PoolTimeoutError: "database-away",
    psycopg.OperationalError: "database-away",
}
_HTTP: Final[Mapping[int, str]] = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    500: "server-error",
}
_CODED = (core.RefusedImageError, errors.UnfetchableUrlError)


def problem_of(slug: str, detail: str, *, status: int | None = None, **members: Any) -> Response:  # noqa: ANN401 — JSON
    """Answer with a problem: JSON to programs, a page to people."""
    problem = PROBLEMS[slug]
    code = status or problem.status
    if not request.path.startswith(PROGRAMS):
        return render_error(code, problem.title, detail)
    body = {
        "type": f"/problems/{slug}",
        "title": problem.title,
        "status": code,
        "detail": detail,
        "instance": f"urn:enfilade:request:{g.request_id}",
        **members,
    }
    return current_app.response_class(json.dumps(body), code, mimetype=MEDIA_TYPE)


def handle_errors(app: Flask) -> None:
    """Meet every error in one place."""
    for kind in _SLUGS:
        app.register_error_handler(kind, _answer)
    app.register_error_handler(HTTPException, _answer_http)


def _answer(error: Exception) -> Response:
    slug = next(slug for kind, slug in _SLUGS.items() if isinstance(error, kind))
    if slug == "database-away":
        said = str(getattr(error, "orig", error)).strip().replace("\n", " ")
        _log.warning("the database is away: %s", said, extra={"fields": {"request_id": g.request_id}})
        answer = problem_of(slug, "The database does not answer. Try again in a moment.")
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    answer = problem_of(slug, str(error), status=_status(error), **_members(error))
    if isinstance(error, errors.TooManyUploadsError):
        answer.headers["Retry-After"] = str(max(1, round(error.seconds)))
    elif isinstance(error, errors.UnfetchableUrlError) and error.reason == "busy":
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    elif isinstance(error, errors.SlowLaneError):
        answer.headers["Retry-After"] = str(SLOW_LANE_SECONDS)
    return answer


def _status(error: Exception) -> int | None:
    return REFUSED.get(error.reason) if isinstance(error, _CODED) else None


def _members(error: Exception) -> dict[str, Any]:
    if isinstance(error, errors.BadParametersError):
        return {"errors": [{"parameter": name, "detail": fault} for name, fault in error.faults.items()]}
    if isinstance(error, _CODED):
        return {"reason": error.reason}
    if isinstance(error, core.BetweenOutOfRangeError):
        return {"least": error.least, "most": error.most}
    if isinstance(error, core.FilteredPathError):
        return {"relaxation": list(error.relaxation)}
    if isinstance(error, core.DroppedGraphError) and request.method == "GET":
        return {"links": {"current": address_without("graph")}}
    return {}


def _answer_http(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug raise, keeping headers such as Allow."""
    status = error.code or 500
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        fields = {"request_id": g.request_id, "method": request.method, "path": request.path}
        _log.error("a fault of ours", exc_info=error.original_exception, extra={"fields": fields})
    elif error.response is not None:  # a redirect
        return current_app.make_response(error.get_response())
    slug = _HTTP.get(status, "request-refused")
    ours = slug in {"not-found", "server-error", "too-large"}
    detail = PROBLEMS[slug].meaning if ours else error.description or ""
    answer = problem_of(slug, detail, status=status)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer
