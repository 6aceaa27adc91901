"""The graphs that paths go over: a few of them open. Knows no routes.

A graph lies on disk as arrays that every worker maps into the same memory (server.mapping). Which graph is published
is read from the database at each request, so that a new one counts from its first moment; the one before stays open
for the requests that began with it. To map a large graph takes seconds: meanwhile the one before it goes on answering.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from enfilade.errors import DroppedGraphError
from enfilade.paths import PathGraph
from enfilade.queries.builds import GraphBuild
from enfilade.queries.graphs import load_vectors
from server.mapping import map_array, map_graph

__all__ = ["Graphs", "OpenGraph"]

KEPT = 8
LARGE = 200_000
"""Edges of a graph that takes so long to map, some tenths of a second, that nobody should wait for it."""


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """A graph in memory, the build that it is, and the folder that it is mapped from."""

    build: GraphBuild
    graph: PathGraph
    folder: Path
    _vectors: list[NDArray[np.float32]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def vectors(self, connection: Connection) -> NDArray[np.float32]:
        """Map the places of the graph's images, (n, d), in the order of its rows; who asks first writes the file."""
        build = self.build
        with self._lock:
            if not self._vectors:
                mapped = map_array(
                    self.folder / "vectors.npy",
                    lambda: load_vectors(connection, build.space_id, build.dimensions, self.graph.ids),
                )
                self._vectors.append(mapped)
        return self._vectors[0]


class Graphs:
    """The graphs that are open in this process, the latest few."""

    def __init__(self, home: Path, engine: Engine) -> None:
        self._folder = home / "graphs"
        self._engine = engine
        self._opened: dict[str, OpenGraph] = {}
        self._published: dict[str, str] = {}
        self._coming: set[str] = set()
        self._lock, self._one_at_a_time = Lock(), Lock()

    def open(self, connection: Connection, build: GraphBuild) -> OpenGraph:
        """Open a graph. Raises DroppedGraphError where its edges are gone."""
        opened = self._find(lambda one: one.build.key == build.key)
        if opened is not None:
            return opened
        with self._one_at_a_time:  # so that a graph is loaded once, however many ask for it first
            return self._find(lambda one: one.build.key == build.key) or self._map(connection, build)

    def open_published(self, connection: Connection, build: GraphBuild) -> OpenGraph:
        """Open the graph that is published, or the one before it for as long as this is still to be mapped.

        That answers for itself: its id goes with its answers. Raises DroppedGraphError.
        """
        ready = self._find(lambda one: one.build.key == build.key)
        before = None if ready else self._find(lambda one: one.build.key == self._published.get(build.space_name))
        if before is not None and build.edges >= LARGE:
            self._fetch(build)
            return before
        opened = ready or self.open(connection, build)
        self._published[build.space_name] = build.key
        return opened

    def _find(self, wanted: Callable[[OpenGraph], bool]) -> OpenGraph | None:
        with self._lock:
            for key, opened in reversed(self._opened.items()):
                if wanted(opened):
                    self._opened[key] = self._opened.pop(key)  # now the latest
                    return opened
        return None

    def _map(self, connection: Connection, build: GraphBuild) -> OpenGraph:
        folder = self._folder / build.key
        graph = map_graph(connection, build.id, folder)
        if graph.edges != build.edges:  # the partition was dropped after its status was read
            raise DroppedGraphError(build.id)
        opened = OpenGraph(build, graph, folder)
        with self._lock:
            self._opened[build.key] = opened
            while len(self._opened) > KEPT:
                self._opened.pop(next(iter(self._opened)))
        return opened

    def _fetch(self, build: GraphBuild) -> None:
        with self._lock:
            if build.key in self._coming:
                return
            self._coming.add(build.key)
        Thread(target=self._fetch_now, args=(build,), daemon=True, name=f"graph-{build.id}").start()

    def _fetch_now(self, build: GraphBuild) -> None:
        try:
            # Where the database is away or the graph gone, whoever asks next begins again.
            with suppress(SQLAlchemyError, DroppedGraphError), self._engine.connect() as connection:
                self.open(connection, build)
        finally:
            with self._lock:
                self._coming.discard(build.key)
