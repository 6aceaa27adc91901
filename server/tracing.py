"""Every request told: an id on it, a line in the log, and its place in the metrics."""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from server.metrics import count_request

__all__ = ["trace"]

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = {"/healthz", "/readyz", "/metrics"}
_log = logging.getLogger("enfilade.access")


def trace(app: Flask) -> None:
    """Follow every request of an app."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if SANE_ID.fullmatch(given) else secrets.token_hex(8)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.started
    response.headers["X-Request-ID"] = g.request_id
    route = request.url_rule.rule if request.url_rule else "none"
    count_request(request.method, route, response.status_code, seconds)
    level = logging.DEBUG if request.path in QUIET else logging.INFO
    fields = {
        "method": request.method,
        "path": request.full_path.rstrip("?"),
        "status": response.status_code,
        "bytes": response.content_length,
        "milliseconds": round(1000 * seconds, 1),
        "address": request.remote_addr,
        "request_id": g.request_id,
    }
    _log.log(level, "request", extra={"fields": fields})
    return response
