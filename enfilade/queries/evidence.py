"""What speaks for and against a picture's being in the collection: its candidates, and how far each agrees with it.

The same evidence is gathered for a stranger's upload, and for the members that confidence is calibrated on.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import ColumnElement, Connection, Double, bindparam, cast, select
from sqlalchemy.types import NullType

from enfilade.confidence import Agreement, Evidence, Keypoints, agree
from enfilade.confidence.alike import NEAREST
from enfilade.confidence.kind import mean_of_nearest
from enfilade.looks import Look, Looking
from enfilade.queries.hashes import near_hash
from enfilade.queries.images import among
from enfilade.queries.keypoints import load_keypoints
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.vectors import written
from enfilade.schema import feature
from enfilade.spaces import Space

__all__ = ["WITNESSES", "Nearby", "compare", "find_candidates", "likeness_of", "look_around", "witness_spaces"]

WITNESSES: Final = ("content", "kinship")
"""Spaces whose nearest are checked. The true work of a reproduction was among the ten nearest of one of the two for
each of 74, in the other as far as 17th (docs/confidence.md)."""
CHECKED: Final = 10
"""Candidates of each space that are checked for a common view."""
COMPARED: Final = NEAREST
"""Candidates whose raw features are compared: the ten nearest of the collection are among them. In the space that is
asked for, as many have their labels counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """What is nearest to a picture in some spaces: nearest first, by the space's id."""

    near: Mapping[int, Sequence[Neighbour]]
    witnesses: Sequence[int]
    """The spaces, by id, whose nearest are candidates."""

    @property
    def closest(self) -> float:
        """How far the nearest candidate is, in radians; of none it is infinite."""
        return min((self.near[one][0].distance for one in self.witnesses if self.near[one]), default=math.inf)


def witness_spaces(published: Sequence[Space]) -> list[Space]:
    """Choose the spaces that candidates come from, of all that are published: the best at it, or else the default one.

    That of most extractors, whose features are compared, comes first.
    """
    chosen = [space for space in published if space.name in WITNESSES] or published[:1]
    return sorted(chosen, key=lambda space: -len(space.extractor_ids))


def look_around(
    connection: Connection,
    witnesses: Sequence[Space],
    places: Mapping[int, NDArray[np.float32]],
    asked: Space | None = None,
    *,
    without: int | None = None,
) -> Nearby:
    """Find what is nearest to a picture's places, most in the first of the witnesses and in the space asked for.

    without: a member that is not to count.
    """
    wide = {witnesses[0].id, *([asked.id] if asked else [])}
    spaces = {space.id: space for space in (*witnesses, *([asked] if asked else []))}
    near = {
        space.id: nearest(
            connection, space, places[space.id], limit=COMPARED if space.id in wide else CHECKED, without=without
        )
        for space in spaces.values()
    }
    return Nearby(near, tuple(space.id for space in witnesses))


def find_candidates(connection: Connection, nearby: Nearby, phash: int) -> dict[int, Keypoints | None]:
    """Find the few nearest, by the networks or by their hashes, with their keypoints, None where these are unknown."""
    near = [one.image_id for witness in nearby.witnesses for one in nearby.near[witness][:CHECKED]]
    candidates = list(dict.fromkeys([*near, *near_hash(connection, phash)]))
    known = load_keypoints(connection, candidates)
    return {one: known.get(one) for one in candidates}


def compare(
    keypoints: Keypoints,
    candidates: Mapping[int, Keypoints | None],
    likeness: float = 0.0,
    *,
    each: Callable[..., Iterable[Agreement]] = map,
) -> Evidence:
    """See how far a picture's keypoints agree with each candidate's; each: maps, as an executor can in threads."""

    def against(its: Keypoints | None) -> Agreement:
        return Agreement(0, 0) if its is None else agree(keypoints, its)

    return Evidence(tuple(candidates), tuple(each(against, candidates.values())), likeness)


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
