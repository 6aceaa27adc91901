"""The composition root: puts an app together from a database, a data directory and settings."""

from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from enfilade.judges import Judges
from enfilade.settings import ServerSettings
from server import pages
from server.api.nouns import NOUNS
from server.docs import docs
from server.embedders import Embedders
from server.fetching import Fetcher
from server.graphs import Graphs
from server.handling import handle_errors
from server.headers import secure
from server.json import Json
from server.limiting import FORM_ROOM, Limiter, limit_uploads
from server.noting import log_queries
from server.proxies import TrustedProxies
from server.query_log import QueryLog
from server.request import Request
from server.services import Services
from server.tracing import trace

__all__ = ["create_app"]

MOST_PARTS = 64


def create_app(
    engine: Engine,
    home: Path,
    settings: ServerSettings,
    *,
    limiter: Limiter | None = None,
    shared_folder: Path | None = None,
) -> Flask:
    """Make the app.

    home: the data directory, for networks and mapped graphs. limiter: one that all workers share, where there are
    several. shared_folder: where they keep metrics and the turns of addresses, None where this process is the only one.
    """
    app = Flask("server", static_folder=None, template_folder=None)
    app.json, app.request_class = Json(app), Request
    app.logger.disabled = True  # server.problems logs faults, with the request's id
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_upload + FORM_ROOM,
        MAX_FORM_PARTS=MOST_PARTS,
        BODY_SECONDS=settings.upload_seconds,
        SHARED_FOLDER=shared_folder,
    )
    limiter = limiter or Limiter(settings.rate_limit)
    query_log = QueryLog(_url(engine), settings.query_log_days) if settings.query_log else None
    embedders = Embedders(home, settings.max_upload)
    app.extensions["enfilade"] = Services(
        engine,
        Graphs(home, engine),
        embedders,
        Judges(home, embedders.encoders),
        settings,
        home,
        Fetcher(settings),
        limiter,
        query_log,
    )
    trace(app)
    secure(app)
    limit_uploads(app, limiter)
    if query_log is not None:
        log_queries(app, query_log)
    handle_errors(app)
    for blueprint in (*NOUNS, docs, pages.blueprint):
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)
