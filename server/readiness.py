"""Whether searches, walks and uploads will be answered. Knows no HTTP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from enfilade.backbones import LITE0, recall_backbone
from enfilade.backbones.weights import file_sha256
from enfilade.errors import BackboneError, EmptyCollectionError
from enfilade.queries.builds import find_build
from enfilade.queries.images import count_images
from enfilade.schema import current, space
from migrations import HEAD
from server.embedders import Embedders
from server.errors import DecoderError

__all__ = ["Check", "check_readiness"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ready: bool
    detail: str


def check_readiness(connection: Connection, home: Path, embedders: Embedders) -> Iterator[Check]:
    """Look at the database, its tables, the weights, the decoder and the graphs. An empty collection needs no graph.

    home: the data directory, where weights are kept that came from a file.
    """
    yield Check("database", ready=True, detail="answers")
    found = _revision(connection)
    yield Check("migrations", found == HEAD, f"revision {found or 'none'}; this version's is {HEAD}")
    if found != HEAD:
        return
    for recipe in _networks(connection):
        yield _check_weights(recipe, home)
    yield _check_decoder(embedders)
    yield _check_graph(connection)


def _check_decoder(embedders: Embedders) -> Check:
    try:
        embedders.check_decoder()
    except DecoderError as error:
        return Check("decoder", ready=False, detail=str(error))
    return Check("decoder", ready=True, detail="reads pictures in a process apart")


def _check_graph(connection: Connection) -> Check:
    if not count_images(connection):
        return Check("graph", ready=True, detail="the collection is empty: ingest a folder first")
    try:
        build = find_build(connection)
    except EmptyCollectionError:
        return Check("graph", ready=False, detail="none is published yet")
    return Check("graph", ready=True, detail=f"graph {build.id} of space {build.space_name}")


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('enfilade.alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM enfilade.alembic_version"))
    return revision


def _networks(connection: Connection) -> list[Mapping[str, Any]]:
    """Find the recipes that name a network, one for each that published spaces use; before any, the packaged one."""
    recipes = list(connection.scalars(select(space.c.recipe).join_from(current, space)))
    if not recipes:
        return [LITE0.recipe()]
    extractors = [part["extractor"] for recipe in recipes for part in recipe["parts"]]
    used = {(one["backbone"], one["weights_sha256"]): one for one in extractors if "backbone" in one}
    return [used[key] for key in sorted(used)]


def _check_weights(recipe: Mapping[str, Any], home: Path) -> Check:
    name = f"weights of {recipe['backbone']}"
    try:
        backbone = recall_backbone(recipe, home)
        path = backbone.find_weights()
        sound = _are_sound(backbone.weights_sha256, path, path.stat().st_mtime_ns)
    except (BackboneError, OSError) as error:
        return Check(name, ready=False, detail=str(error))
    return Check(name, sound, f"SHA-256 {backbone.weights_sha256[:12]}…" if sound else "not the expected ones")


@cache
def _are_sound(sha256: str, path: Path, modified: int) -> bool:
    del modified  # which says whether it is the file that was looked at before
    return file_sha256(path) == sha256
