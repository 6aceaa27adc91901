"""An app for another WSGI server than ours, made from the environment: `gunicorn "server.wsgi:make_app()"`.

Uploads are then limited for each process by itself, and /metrics tells of one process alone, unless
PROMETHEUS_MULTIPROC_DIR is set.
"""

import atexit
import logging.config
from contextlib import ExitStack

from flask import Flask

from enfilade.database import open_database, server_url
from enfilade.settings import ServerSettings, Settings
from server.app import create_app
from server.database import connect
from server.logs import configuration

__all__ = ["make_app"]


def make_app() -> Flask:
    """Make an app that holds the database open until the process ends."""
    settings, server = Settings.from_environment(), ServerSettings.from_environment()
    logging.config.dictConfig(configuration(server.log))
    held = ExitStack()
    atexit.register(held.close)
    url = held.enter_context(server_url(settings))
    with open_database(settings):  # refuses what is unfit
        pass
    app = create_app(connect(url), settings.home, server)
    held.callback(app.extensions["enfilade"].close)
    return app
