"""One look at a picture: its place in the space that was asked for, and what the collection says of it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection

from enfilade.confidence import CalibrationParameters, Judgement, Verdict, find_clues, judge
from enfilade.confidence.alike import alike
from enfilade.descriptors import OpenEncoders
from enfilade.looks import Looking
from enfilade.queries.calibrations import load_calibration
from enfilade.queries.duplicates import distinct
from enfilade.queries.evidence import check, likeness_of, look_around, witness_spaces
from enfilade.queries.images import Filters
from enfilade.queries.neighbours import Neighbour, distances_to, nearest
from enfilade.queries.spaces import load_placer
from enfilade.spaces import Space

__all__ = ["Judged", "Judges", "Worth"]

KEPT: Final = 8
THREADS: Final = 2
ALIKE_BY: Final = ("style", "genre")
"""What confidence in a result is about: the first of these labels that the collection has enough of."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a result is worth. confidence: that it is alike, None where nothing tells; alike: the same by label.

    same_work: that it shows this very work, None where it was not checked.
    """

    confidence: float | None = None
    alike: Mapping[str, float] | None = None
    same_work: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Where a picture lies, (dimensions,), and what is said of it: nothing, where nothing was calibrated yet."""

    place: NDArray[np.float32]
    judgement: Judgement | None = None
    parameters: CalibrationParameters | None = None
    near: Mapping[int, Sequence[Neighbour]] = field(default_factory=dict)
    """The images nearest to it in spaces where these were found already, by the space's id."""

    def find(
        self, connection: Connection, space: Space, limit: int, filters: Filters, *, duplicates: bool
    ) -> list[Neighbour]:
        """Find the images nearest to it, nearest first, but what probably shows this very work before all others.

        Of each work the nearest, unless duplicates are wanted.
        """
        return distinct(connection, partial(self._nearest, connection, space, filters), limit, duplicates=duplicates)

    def verdict_on(self, found: Sequence[Neighbour]) -> Verdict | None:
        """Say whether this very work is in the collection, and among what was found; and whether it is of its kind."""
        if self.judgement is None:
            return None
        verdict = self.judgement.verdict
        shown = {image_id for one in found for image_id in (one.image_id, *one.duplicates)}
        return replace(verdict, among=verdict.image_id is None or verdict.image_id in shown)

    def _nearest(self, connection: Connection, space: Space, filters: Filters, limit: int) -> list[Neighbour]:
        found = list(self.near.get(space.id, ()))[:limit]
        if len(found) < limit or filters.narrow:
            found = nearest(connection, space, self.place, limit=limit, filters=filters)
        first = self.judgement.first if self.judgement else ()
        if not first or [one.image_id for one in found[: len(first)]] == list(first):
            return found
        known = {one.image_id: one for one in distances_to(connection, space, self.place, first, filters)}
        moved = [known[image_id] for image_id in first if image_id in known]
        return [*moved, *(one for one in found if one.image_id not in known)][:limit]

    def worth(self, found: Sequence[Neighbour]) -> list[Worth]:
        """Say of each result what it is worth."""
        if self.parameters is None or self.judgement is None:
            return [Worth() for _ in found]
        angles = np.array([one.distance for one in found])
        of_a_kind = self.judgement.verdict.kind  # what is of another kind shares nothing, however near it lies
        by_label = {
            label: (of_a_kind * alike(curve, angles)).round(4).tolist()
            for label, curve in self.parameters.alike.items()
            if curve
        }
        chosen = next((by_label[label] for label in ALIKE_BY if label in by_label), [None] * len(found))
        return [
            Worth(
                chosen[at],
                {label: told[at] for label, told in by_label.items()},
                self.judgement.same_work.get(one.image_id),
            )
            for at, one in enumerate(found)
        ]


class Judges:
    """The networks that look at pictures, each set of spaces opened when it is first asked for; the latest few."""

    def __init__(self, home: Path, encoders: OpenEncoders | None = None) -> None:
        self._home, self._encoders = home, encoders or OpenEncoders(home)
        self._opened: dict[tuple[int, ...], Looking] = {}
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(THREADS, thread_name_prefix="clues")
        cv2.setNumThreads(1)  # for the whole process: it is questions that run side by side

    def judge(self, connection: Connection, space: Space, picture: Image.Image) -> Judged:
        """Place an upright RGB picture, and judge it by what was calibrated for the space. Raises BackboneError."""
        witnesses = witness_spaces(connection)
        parameters = load_calibration(connection, space.id, witnesses)
        if parameters is None:
            looking = self._open(connection, [space])
            return Judged(looking.place(space, looking.look([picture]))[0])
        clues = self._beside.submit(find_clues, picture)  # while the network looks
        looking = self._open(connection, [space, *witnesses])
        look = looking.look([picture])
        nearby = look_around(connection, looking, witnesses, look)
        place = nearby.places.get(space.id)
        if place is None:
            place = looking.place(space, look)[0]
        likeness = likeness_of(connection, looking, witnesses[0], look, nearby)
        evidence = check(connection, nearby, clues.result(), likeness)
        return Judged(place, judge(parameters, evidence), parameters, nearby.near)

    def _open(self, connection: Connection, spaces: Sequence[Space]) -> Looking:
        by_id = {space.id: space for space in spaces}
        key = tuple(sorted(by_id))
        with self._lock:  # so that a network is compiled once, however many ask for it first
            looking = self._opened.pop(key, None)
            if looking is None:
                placed = [(space, load_placer(connection, space)) for space in by_id.values()]
                looking = Looking(placed, self._home, self._encoders)
            self._opened[key] = looking  # now the latest
            while len(self._opened) > KEPT:
                self._opened.pop(next(iter(self._opened)))
            return looking
