"""Every problem that the API answers with, each of a stable type (RFC 9457), and which error means which."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
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

__all__ = ["MEDIA_TYPE", "PROBLEMS", "Problem", "handle_errors", "problem_of"]

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
"""An embedded Postgres is up again in one."""
SLOW_LANE_SECONDS = 10
"""What a large picture or two take."""
PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_log = logging.getLogger("enfilade.problems")


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem: the last part of its type, its status, its title, and what it means for whoever meets it."""

    slug: str
    status: int
    title: str
    meaning: str
    others: tuple[int, ...] = ()
    """Further statuses that it can come with."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that it can come with."""
        return (self.status, *self.others)


PROBLEMS: Final[Mapping[str, Problem]] = {
    problem.slug: problem
    for problem in (
        Problem("not-found", 404, "Nothing is here", "No route has this address. /docs lists them all."),
        Problem("method-not-allowed", 405, "Not with this method", "The header Allow names the methods of the route."),
        Problem(
            "invalid-parameters",
            422,
            "Parameters make no sense",
            "The member `errors` names each parameter at fault, and what it should be. Unknown parameters count.",
        ),
        Problem("unreadable-body", 400, "The body can't be read", "The body is not what its Content-Type says."),
        Problem(
            "unsupported-media-type",
            415,
            "Not with this Content-Type",
            "The route takes other media types; the detail names them.",
        ),
        Problem("too-large", 413, "Too large", "The body has more bytes than this server takes."),
        Problem(
            "refused-image",
            422,
            "Not taken as a picture",
            "The file is no picture that this server takes. `reason` is a stable code: 413 goes with too_many_bytes, "
            "415 with not_an_image and unsupported_format, 422 with all others.",
            others=(413, 415),
        ),
        Problem(
            "fetching-off",
            403,
            "Nothing is fetched",
            "This server fetches no pictures from URLs. Send the file itself, as multipart/form-data.",
        ),
        Problem(
            "unfetchable-url",
            422,
            "Not fetched",
            "The picture could not be fetched from its URL. `reason` is a stable code: bad_url, unreachable (no public "
            "address, or none that answers), too_slow, too_many_redirects, bad_status, bad_answer; 503 goes with busy, "
            "and Retry-After says when to try again.",
            others=(503,),
        ),
        Problem(
            "too-many-uploads",
            429,
            "Too many uploads",
            "Your address sent more uploads than are taken in a minute, or at once. Retry-After says when to go on.",
        ),
        Problem("unknown-image", 404, "No such image", "No image has this id."),
        Problem("removed-image", 410, "Removed", "The image was removed from the collection. It may come back."),
        Problem(
            "unplaced-image",
            409,
            "Not in there yet",
            "The image came after what is published was built. Try again when the ingest is done.",
        ),
        Problem("unknown-rendition", 404, "Not kept", "The image has no such rendition: originals are rarely kept."),
        Problem("unknown-cursor", 404, "No such page", "No page ended with this cursor under this sorting."),
        Problem("unknown-space", 404, "No such space", "No space of this name is published. See /api/v1/spaces."),
        Problem("empty-collection", 409, "Nothing is published yet", "Ingest a folder first."),
        Problem("unknown-graph", 404, "No such graph", "No graph of this space has this id. See /api/v1/graphs."),
        Problem(
            "dropped-graph",
            410,
            "Kept no longer",
            "The graph was replaced by newer ones, and its edges were dropped. Ask without `graph`, as the member "
            "`links` does under `current`.",
        ),
        Problem(
            "broken-link",
            410,
            "Goes through a removed image",
            "In the graph that was named, the walk goes through an image that was removed since. Ask without `graph`.",
        ),
        Problem(
            "no-path",
            404,
            "No path",
            "Nothing joins the two images without those to avoid. A published graph is one component, so without "
            "`avoid` and filters every pair has a path.",
        ),
        Problem(
            "filtered-path",
            404,
            "No path within the filter",
            "Every path leaves the filter. The member `relaxation` has the ids of the fewest images outside it that a "
            "path needs, in the order of walking.",
        ),
        Problem(
            "no-even-path",
            404,
            "No even path",
            "No path with exactly so many different images between the two was found. Ask for another number, or leave "
            "`between` out.",
        ),
        Problem(
            "between-out-of-range",
            422,
            "Too few or too many between",
            "The two images can't be joined by so many images between them. `least` and `most` say how many there "
            "can be.",
        ),
        Problem("same-ends", 422, "It begins where it ends", "A path needs two different images."),
        Problem(
            "repeated-via",
            422,
            "By way of the same image twice",
            "Each waypoint comes once, and none is an end.",
        ),
        Problem("avoided-stop", 422, "To be shown and avoided", "An end or a waypoint is among the images to avoid."),
        Problem("not-ready", 503, "Not ready", "The member `checks` says what is missing."),
        Problem("database-away", 503, "The database is away", "Try again in a moment: Retry-After says when."),
        Problem(
            "network-missing",
            503,
            "No network for uploads",
            "The network that places pictures could not be opened; `enfilade doctor` says why. All else works.",
        ),
        Problem(
            "decoder-missing",
            503,
            "No decoder for uploads",
            "The process that reads pictures does not start. All else works.",
        ),
        Problem(
            "large-uploads-waiting",
            429,
            "Too many large pictures",
            "Pictures that take long to be read wait for each other, and too many do. Retry-After says when to go on. "
            "A picture of fewer pixels is read at once.",
        ),
        Problem(
            "too-slow",
            408,
            "Sent too slowly",
            "The request did not arrive in time, or stood in the way of others that were sent faster. Send it again.",
        ),
        Problem("request-refused", 400, "Refused", "The request is not well-formed HTTP, or asks for too much."),
        Problem(
            "server-error",
            500,
            "The server failed",
            "A fault of ours. The log has it under the id in the header X-Request-ID.",
        ),
    )
}

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
_REFUSED: Final[Mapping[str, int]] = {
    "too_many_bytes": 413,
    "not_an_image": 415,
    "unsupported_format": 415,
    "busy": 503,
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
    return _REFUSED.get(error.reason) if isinstance(error, _CODED) else None


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
