"""Make ready for who comes first, while a worker already answers: compiled code, and the published graph on disk."""

from contextlib import suppress
from threading import Thread

import numpy as np
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from enfilade.confidence.matching import CODE, match_codes
from enfilade.errors import DroppedGraphError, EmptyCollectionError
from enfilade.paths.warming import compile_all
from enfilade.queries.builds import find_build
from server.services import reading, services

__all__ = ["warm"]


def warm(app: Flask) -> Thread:
    """Begin in a thread of its own, and give that."""
    thread = Thread(target=_warm, args=(app,), daemon=True, name="warming")
    thread.start()
    return thread


def _warm(app: Flask) -> None:
    compile_all()
    match_codes(np.zeros((4, CODE), np.uint8), np.zeros((4, CODE), np.uint8), 1.0)
    # Whoever asks first will be told what is wrong.
    with suppress(SQLAlchemyError, EmptyCollectionError, DroppedGraphError), app.app_context(), reading() as connection:
        services().graphs.open(connection, find_build(connection))
