"""Whether searches, walks and uploads will be answered. Knows no HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select, text

from enfilade.backbones import BACKBONES, Backbone
from enfilade.errors import BackboneError, EmptyCollectionError
from enfilade.queries.images import count_images
from enfilade.schema import current, space
from migrations import HEAD
from server.graphs import find_build

__all__ = ["Check", "check_readiness"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ready: bool
    detail: str


def check_readiness(connection: Connection) -> Iterator[Check]:
    """Look at the database, its tables, the weights and the graphs. An empty collection needs no graph."""
    yield Check("database", ready=True, detail="answers")
    found = _revision(connection)
    yield Check("migrations", found == HEAD, f"revision {found or 'none'}; this version's is {HEAD}")
    if found != HEAD:
        return
    for backbone in _backbones(connection):
        yield _check_weights(backbone)
    yield _check_graph(connection)


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


def _backbones(connection: Connection) -> list[Backbone]:
    recipes = connection.scalars(select(space.c.recipe).join_from(current, space))
    used = {recipe["extractor"]["backbone"] for recipe in recipes}
    return [BACKBONES[name] for name in sorted(used & BACKBONES.keys())] or list(BACKBONES.values())


def _check_weights(backbone: Backbone) -> Check:
    name = f"weights of {backbone.name}"
    try:
        path = backbone.find_weights()
        modified = path.stat().st_mtime_ns
        sound = _are_sound(backbone.name, path, modified)
    except (BackboneError, OSError) as error:
        return Check(name, ready=False, detail=str(error))
    return Check(name, sound, f"SHA-256 {backbone.weights_sha256[:12]}…" if sound else "not the expected ones")


@cache
def _are_sound(backbone_name: str, path: Path, modified: int) -> bool:
    del path, modified  # which say whether it is the file that was looked at before
    try:
        BACKBONES[backbone_name].weights()
    except BackboneError:
        return False
    return True
