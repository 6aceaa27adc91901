"""What speaks for and against a picture's being in the collection: its candidates, and how far each agrees with it.

The same evidence is gathered for a stranger's upload, and for the members that confidence is calibrated on.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Connection, Double, bindparam, cast, select

from enfilade.confidence import Agreement, Evidence, Keypoints, agree
from enfilade.confidence.kind import mean_of_nearest
from enfilade.looks import Look, Looking
from enfilade.queries.images import among
from enfilade.queries.keypoints import load_keypoints
from enfilade.queries.neighbours import nearest
from enfilade.queries.spaces import published_spaces
from enfilade.schema import feature
from enfilade.spaces import Space

__all__ = ["evidence_spaces", "gather"]

WITNESSES: Final = ("content", "kinship")
"""Spaces whose nearest are checked. The true work of a reproduction was among the ten nearest of one of the two for
each of 74, in the other as far as 17th (docs/confidence.md)."""
CHECKED: Final = 10
"""Candidates of each space that are checked for a common view."""
COMPARED: Final = 40
"""Candidates whose raw features are compared; the ten nearest of the collection are among them."""


def evidence_spaces(connection: Connection) -> list[Space]:
    """Choose the spaces that candidates come from: those that are best at it, or else the default one."""
    published = published_spaces(connection)
    return [space for space in published if space.name in WITNESSES] or published[:1]


def gather(
    connection: Connection,
    looking: Looking,
    spaces: Sequence[Space],
    look: Look,
    keypoints: Keypoints | None,
    *,
    without: int | None = None,
) -> Evidence:
    """Gather the evidence for one picture; without: a member that is not to count.

    keypoints: of a query; without them no agreement is sought.
    """
    widest = max(spaces, key=lambda space: len(space.extractor_ids))
    near: dict[int, list[int]] = {}
    for space in [widest] if keypoints is None else spaces:
        limit = COMPARED if space is widest else CHECKED
        found = nearest(connection, space, looking.place(space, look)[0], limit=limit, without=without)
        near[space.id] = [one.image_id for one in found]
    candidates = tuple(dict.fromkeys(image_id for ids in near.values() for image_id in ids[:CHECKED]))
    members = {} if keypoints is None else load_keypoints(connection, candidates)
    nothing = Agreement(0, 0)
    agreements = [
        agree(keypoints, members[one]) if keypoints is not None and one in members else nothing for one in candidates
    ]
    return Evidence(candidates, tuple(agreements), _likeness(connection, widest, looking, look, near[widest.id]))


def _likeness(connection: Connection, space: Space, looking: Looking, look: Look, ids: Sequence[int]) -> float:
    """Average the ten largest cosines of raw features, those of each extractor counting the same."""
    if not ids:
        return 0.0
    cosines = [
        _cosines(connection, extractor_id, look.features[extractor.recipe_hash][0], ids)
        for extractor_id, extractor in zip(space.extractor_ids, looking.extractors_of(space), strict=True)
    ]
    return float(mean_of_nearest(np.mean(cosines, axis=0)[None])[0])


def _cosines(
    connection: Connection, extractor_id: int, probe: NDArray[np.float32], ids: Sequence[int]
) -> NDArray[np.float64]:
    distance: ColumnElement[float] = feature.c.vector.op("<=>", return_type=Double())(
        cast(bindparam("probe", type_=HALFVEC), HALFVEC)
    )
    query = select(feature.c.image_id, distance).where(
        feature.c.extractor_id == extractor_id, among(feature.c.image_id, ids)
    )
    found = {row[0]: 1.0 - row[1] for row in connection.execute(query, {"probe": probe})}
    return np.array([found.get(image_id, 0.0) for image_id in ids])
