"""What speaks for and against a picture's being in the collection: its candidates, and how far each agrees with it.

The same evidence is gathered for a stranger's upload, and for the members that confidence is calibrated on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Connection, Double, bindparam, cast, select
from sqlalchemy.types import NullType

from enfilade.confidence import Agreement, Clues, Evidence, agree
from enfilade.confidence.kind import mean_of_nearest
from enfilade.looks import Look, Looking
from enfilade.queries.hashes import near_hash
from enfilade.queries.images import among
from enfilade.queries.keypoints import load_keypoints
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.spaces import published_spaces
from enfilade.queries.vectors import written
from enfilade.schema import feature
from enfilade.spaces import Space

__all__ = ["WITNESSES", "Nearby", "check", "likeness_of", "look_around", "witness_spaces"]

WITNESSES: Final = ("content", "kinship")
"""Spaces whose nearest are checked. The true work of a reproduction was among the ten nearest of one of the two for
each of 74, in the other as far as 17th (docs/confidence.md)."""
CHECKED: Final = 10
"""Candidates of each space that are checked for a common view."""
COMPARED: Final = 48
"""Candidates whose raw features are compared; the ten nearest of the collection are among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """Where a picture lies in some spaces, and what is nearest to it there.

    places: (dimensions,), by the space's id; near: nearest first, by the space's id.
    """

    places: Mapping[int, NDArray[np.float32]]
    near: Mapping[int, Sequence[Neighbour]]


def witness_spaces(connection: Connection) -> list[Space]:
    """Choose the spaces that candidates come from: the best at it, or else the default one.

    That of most extractors, whose features are compared, comes first.
    """
    published = published_spaces(connection)
    chosen = [space for space in published if space.name in WITNESSES] or published[:1]
    return sorted(chosen, key=lambda space: -len(space.extractor_ids))


def look_around(
    connection: Connection, looking: Looking, spaces: Sequence[Space], look: Look, *, without: int | None = None
) -> Nearby:
    """Find what is nearest to a picture in some spaces, most in the first; without: a member that is not to count."""
    places = {space.id: looking.place(space, look)[0] for space in spaces}
    widest, *others = spaces
    near = {widest.id: nearest(connection, widest, places[widest.id], limit=COMPARED, without=without)}
    for space in others:
        near[space.id] = nearest(connection, space, places[space.id], limit=CHECKED, without=without)
    return Nearby(places, near)


def check(connection: Connection, nearby: Nearby, clues: Clues, likeness: float = 0.0) -> Evidence:
    """See how far a picture agrees with each of the few nearest to it, by the networks or by its hash."""
    near = [one.image_id for found in nearby.near.values() for one in found[:CHECKED]]
    candidates = tuple(dict.fromkeys([*near, *near_hash(connection, clues.phash)]))
    members, nothing = load_keypoints(connection, candidates), Agreement(0, 0)
    agreements = tuple(agree(clues.keypoints, members[one]) if one in members else nothing for one in candidates)
    return Evidence(candidates, agreements, likeness)


def likeness_of(connection: Connection, looking: Looking, space: Space, look: Look, nearby: Nearby) -> float:
    """Average the ten largest cosines of raw features, those of each of the space's extractors counting the same."""
    ids = [one.image_id for one in nearby.near[space.id]]
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
        cast(bindparam("probe", type_=NullType()), HALFVEC)  # as text it would be read anew for each row
    )
    query = select(feature.c.image_id, distance).where(
        feature.c.extractor_id == extractor_id, among(feature.c.image_id, ids)
    )
    found = {row[0]: 1.0 - row[1] for row in connection.execute(query, {"probe": written(probe)})}
    return np.array([found.get(image_id, 0.0) for image_id in ids])
