"""The article's way to search by an upload, as a server: full decode, eager network, ball tree. It judges nothing.

One gunicorn process, which answers one request after the other; what it knows of the collection lies in memory.
"""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from flask import Flask, Response, jsonify, request
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection, select

from enfilade.backbones import LITE0
from enfilade.database import open_database
from enfilade.descriptors import content
from enfilade.schema import extractor, feature
from enfilade.settings import Settings

__all__ = ["make", "serving"]

FOUND = 10
Address = tuple[str, int]


@contextmanager
def serving() -> Iterator[Address]:
    """Serve the collection that the settings name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        words = [sys.executable, "-m", "gunicorn", f"--bind=fd://{listener.fileno()}", "benchmarks.article:make()"]
        with subprocess.Popen(words, pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL) as process:
            try:
                yield listener.getsockname()[:2]
            finally:
                process.terminate()


def make() -> Flask:
    """Make the app."""
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415 — needed here alone

    with open_database(Settings.from_environment()) as engine, engine.connect() as connection:
        ids, vectors = _members(connection)
    tree = NearestNeighbors(n_neighbors=FOUND, algorithm="ball_tree").fit(vectors)
    describe, app = _network(), Flask(__name__)

    @app.post("/api/v1/search")
    def search() -> Response:
        picture = Image.open(request.files["file"].stream).convert("RGB").resize((LITE0.side, LITE0.side))
        distances, rows = tree.kneighbors(describe(picture))
        return jsonify(
            [{"id": ids[row], "distance": float(one)} for row, one in zip(rows[0], distances[0], strict=True)]
        )

    return app


def _network() -> Callable[[Image.Image], NDArray[np.float32]]:
    body = LITE0.build(LITE0.weights()).eval()  # without Gram matrices, which the article has not
    mean, deviation = torch.tensor(LITE0.mean), torch.tensor(LITE0.deviation)

    def describe(picture: Image.Image) -> NDArray[np.float32]:
        pixels = torch.from_numpy(np.asarray(picture)[None].copy()).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            vector = body((pixels - mean) / deviation)[0].mean(dim=(2, 3)).numpy()
        return np.asarray(vector / np.linalg.norm(vector))

    return describe


def _members(connection: Connection) -> tuple[list[int], NDArray[np.float32]]:
    query = (
        select(feature.c.image_id, feature.c.vector)
        .join(extractor, extractor.c.id == feature.c.extractor_id)
        .where(extractor.c.recipe_hash == content(LITE0).recipe_hash)
    )
    found = connection.execute(query).all()
    rows = np.array([np.asarray(row.vector) for row in found], dtype=np.float32)
    return [row.image_id for row in found], rows / np.linalg.norm(rows, axis=1, keepdims=True)
