"""Which pairs of images may show one work: the nearest in the published graphs, and those whose hashes are near."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlalchemy import Connection, select, text

from enfilade.confidence.keypoints import METHOD
from enfilade.queries.evidence import WITNESSES
from enfilade.queries.images import among
from enfilade.schema import current, image, keypoint
from ingest.hashes import near_hashes

__all__ = ["Candidates"]

NEAREST: Final = 5
"""At whatever angle: in a small space that of a reproduction may be wide."""

# Bridges have no ranks, and so join no candidates.
NEIGHBOURS = text("""
    SELECT source, target FROM enfilade.edge
    WHERE graph_id = ANY (CAST(:graphs AS bigint[])) AND source = ANY (CAST(:ids AS bigint[]))
        AND least(source_rank, target_rank) <= :nearest
    UNION
    SELECT source, target FROM enfilade.edge
    WHERE graph_id = ANY (CAST(:graphs AS bigint[])) AND target = ANY (CAST(:ids AS bigint[]))
        AND least(source_rank, target_rank) <= :nearest
""")


class Candidates:
    """Finds the candidates of some images; holds 16 bytes for each image of the collection."""

    def __init__(self, connection: Connection) -> None:
        graphs = select(current.c.space_name, current.c.graph_id, current.c.is_default)
        published = connection.execute(graphs.where(current.c.graph_id.is_not(None))).all()
        witnesses = [row.graph_id for row in published if row.space_name in WITNESSES]
        self._graphs = witnesses or [row.graph_id for row in published if row.is_default]
        shown = select(image.c.id, image.c.phash).where(image.c.hidden_at.is_(None)).order_by(image.c.id)
        rows = np.array([tuple(row) for row in connection.execute(shown)], dtype=np.int64).reshape(-1, 2)
        self._ids, self._hashes = rows[:, 0], np.ascontiguousarray(rows[:, 1])

    def of(self, connection: Connection, ids: Sequence[int], rule: int) -> list[tuple[int, int]]:
        """Give pairs (lesser id, greater id) of these images with each other, and with those compared by this rule.

        So if each image is asked for once, each pair is given once.
        """
        bound = {"graphs": self._graphs, "ids": list(ids), "nearest": NEAREST}
        pairs = {(row.source, row.target) for row in connection.execute(NEIGHBOURS, bound)} | self._near(ids)
        named = {image_id for pair in pairs for image_id in pair}
        compared = select(keypoint.c.image_id).where(
            among(keypoint.c.image_id, sorted(named)), keypoint.c.method == METHOD, keypoint.c.compared == rule
        )
        ready = {*connection.scalars(compared), *ids}
        return sorted(pair for pair in pairs if ready.issuperset(pair))

    def _near(self, ids: Sequence[int]) -> set[tuple[int, int]]:
        rows = np.searchsorted(self._ids, np.asarray(ids, dtype=np.int64))
        found = ((int(self._ids[one]), int(self._ids[other])) for one, other in near_hashes(self._hashes, rows))
        return {(min(pair), max(pair)) for pair in found}
