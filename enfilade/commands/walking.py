"""Walk once, for a command: load what the question needs, and let it go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.embedder import Embedder
from enfilade.paths import Path
from enfilade.queries.builds import GraphBuild, find_build
from enfilade.queries.graphs import load_graph, load_vectors
from enfilade.queries.images import shown_image
from enfilade.queries.paths import Question, Sources, answer
from enfilade.queries.spaces import load_placer
from enfilade.queries.steps import Step, explain
from enfilade.spaces import Space

__all__ = ["Walked", "walk"]


@dataclass(frozen=True, slots=True)
class Walked:
    """Paths with their steps, over which graph, in which mode; brought: files' bytes by the ids that paths have."""

    paths: list[Path]
    steps: Sequence[tuple[Step, ...]]
    build: GraphBuild
    mode: str
    brought: dict[int, bytes]

    @property
    def image_ids(self) -> list[int]:
        """The images of the collection on any of the paths."""
        return sorted({image_id for path in self.paths for image_id in path.images if image_id >= 0})


def walk(
    connection: Connection, home: File, question: Question, *, space: str | None = None, graph: int | None = None
) -> Walked:
    """Find paths over the published graph, or one that is still kept. Raises what server.walking.walk does, too."""
    for image_id in (*question.stops, *question.avoid):
        shown_image(connection, image_id)
    build = find_build(connection, space_name=space, graph_id=graph)
    loaded = load_graph(connection, build.id)

    def vectors() -> NDArray[np.float32]:
        return load_vectors(connection, build.space_id, build.dimensions, loaded.ids)

    def embed(place: Space, data: bytes) -> NDArray[np.float32]:
        return Embedder(place, load_placer(connection, place), home).embed(data)

    found = answer(connection, build, loaded, question, Sources(vectors, embed))
    ends = {-1: question.source, -2: question.target}
    brought = {name: end for name, end in ends.items() if name in found.guests and isinstance(end, bytes)}
    steps = explain(connection, build, loaded, found.paths, found.guests)
    return Walked(found.paths, steps, build, question.mode, brought)
