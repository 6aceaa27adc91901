"""What hubs do to paths over a collection's own graphs, and what taming them changes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, select

from benchmarks.tamings import NEAR, Tamed, tamings
from benchmarks.uses import Codes, Figures, agreement, path_figures, walks
from enfilade.copying import copy_out, halfvec, integer, vector, whole
from enfilade.database import open_database
from enfilade.errors import TooFewImagesError, UnknownSpaceError
from enfilade.evaluation.hubness import hubness_of
from enfilade.evaluation.retrieval import label_codes
from enfilade.joining import components, join
from enfilade.paths import Even, Mode, Shortest, Smooth, path_graph
from enfilade.queries.spaces import published_space, published_spaces
from enfilade.schema import extractor, image
from enfilade.settings import Settings
from ingest.graphs import NEIGHBOURS, PLACES

__all__ = ["FEATURES", "MODES", "run"]

FEATURES = "features:"
"""Before the name of an extractor: what it saw, of unit length, but not projected and so not centred."""
SEEN = """
    SELECT f.image_id, f.vector FROM enfilade.feature AS f JOIN enfilade.image AS i ON i.id = f.image_id
    WHERE f.extractor_id = {extractor} AND i.hidden_at IS NULL
    ORDER BY i.sha256
"""
MODES: Mapping[str, Callable[[NDArray[np.float32]], Mode]] = {
    "shortest": lambda _: Shortest(),
    "smooth": lambda _: Smooth(),
    "even": Even,
}
LABELS = "artist", "style"
Vectors = NDArray[np.float32]
Pairs = Sequence[tuple[int, int]]
Placed = tuple[Vectors, Codes]
"""The images of a space: vectors (n, d), and the codes (n,) of their labels, -1 where there is none."""


def run(spaces: Sequence[str], modes: Sequence[str], pairs: int) -> dict[str, Any]:
    """Walk between random pairs of the collection at ENFILADE_HOME or DATABASE_URL, in some spaces or in all.

    Gives for each space and taming the figures of the graph, and for each mode those of its paths: means over the
    pairs, the same ones for all. Raises UnknownSpaceError, EmptyCollectionError, TooFewImagesError.
    """
    with open_database(Settings.from_environment()) as engine, engine.connect() as connection:
        names = spaces or [space.name for space in published_spaces(connection)]
        places = {name: _places(connection, name) for name in names}
    found = {}
    for name, placed in places.items():
        n = len(placed[0])
        if n <= NEAR:
            raise TooFewImagesError(f"{n} images are too few to choose among {NEAR} near ones.")
        drawn = _pairs(n, pairs)
        measured = {taming: _measure(placed, tamed, modes, drawn) for taming, tamed in tamings(placed[0], NEIGHBOURS)}
        found[name] = {"images": n, "tamings": measured}
    return {"k": NEIGHBOURS, "pairs": pairs, "spaces": found}


def _places(connection: Connection, name: str) -> Placed:
    seen = name.startswith(FEATURES)
    ids, vectors = (_seen if seen else _placed)(connection, name.removeprefix(FEATURES))
    rows = {row.id: row for row in connection.execute(select(image.c.id, image.c.artist, image.c.style))}
    shown = [rows[key] for key in ids.tolist()]
    codes = {label: label_codes([getattr(row, label) for row in shown]) for label in LABELS}
    return vectors, codes


def _placed(connection: Connection, name: str) -> tuple[NDArray[np.int64], Vectors]:
    space = published_space(connection, name)
    columns = [integer("image_id"), vector("vector", space.dimensions)]
    found = whole(copy_out(connection, sql.SQL(PLACES).format(space=space.id), columns), columns)
    return found["image_id"], found["vector"]


def _seen(connection: Connection, name: str) -> tuple[NDArray[np.int64], Vectors]:
    """Take the features of the latest extractor of this name."""
    known = connection.execute(select(extractor).order_by(extractor.c.id)).all()
    latest = {row.name: row for row in known}.get(name)
    if latest is None:
        raise UnknownSpaceError(FEATURES + name, sorted({FEATURES + row.name for row in known}))
    columns = [integer("image_id"), halfvec("vector", latest.dimensions)]
    found = whole(copy_out(connection, sql.SQL(SEEN).format(extractor=latest.id), columns), columns)
    vectors = found["vector"].astype(np.float32)
    return found["image_id"], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _pairs(n: int, count: int) -> Pairs:
    drawn = np.random.default_rng(0).integers(n, size=(2 * count + 16, 2))
    return [(int(one), int(other)) for one, other in drawn[drawn[:, 0] != drawn[:, 1]][:count]]


def _measure(placed: Placed, tamed: Tamed, modes: Sequence[str], pairs: Pairs) -> dict[str, Figures]:
    vectors, codes = placed
    joined = join(vectors, tamed.edges)
    weights, everything = tamed.weights(len(vectors), joined), np.arange(len(vectors))
    graph = path_graph(joined.source, joined.target, weights, joined.kind, images=everything)
    hubs = np.argsort(-tamed.in_degrees(len(vectors)), kind="stable")
    figures = {"graph": _graph_figures(placed, tamed)}
    for mode in modes:
        paths = walks(graph, MODES[mode](vectors[graph.ids]), pairs)
        figures[mode] = path_figures(vectors, codes, hubs, paths)
    return figures


def _graph_figures(placed: Placed, tamed: Tamed) -> Figures:
    """Measure a graph before it is joined; it takes one bridge fewer than it has components."""
    count, _ = components(len(placed[0]), tamed.edges)
    figures: Figures = {"parts": count, "edges": len(tamed.edges), "edge": float(tamed.edges.distance.mean())}
    if tamed.neighbours is None:
        return figures | agreement(placed[1], tamed.edges.source, tamed.edges.target)
    found = tamed.neighbours.neighbours
    hubness = hubness_of(found)
    figures |= {"skew": hubness.skew, "most": hubness.most, "nobody's": 100 * hubness.orphans}
    figures["angle"] = float(tamed.neighbours.angles.mean())
    return figures | agreement(placed[1], np.repeat(np.arange(len(found)), found.shape[1]), found.ravel())
