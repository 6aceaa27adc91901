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
from sqlalchemy import Connection

from enfilade.confidence import CalibrationParameters, Judgement, Verdict, judge, strongest_keypoints
from enfilade.confidence.alike import NEAREST
from enfilade.descriptors import OpenEncoders
from enfilade.images import Brought, perceptual_hash
from enfilade.looks import Looking
from enfilade.queries.calibrations import load_calibration
from enfilade.queries.duplicates import distinct
from enfilade.queries.evidence import compare, find_candidates, likeness_of, look_around, witness_spaces
from enfilade.queries.images import Filters, Image, find_images
from enfilade.queries.neighbours import Neighbour, distances_to, nearest, places_of_file
from enfilade.queries.spaces import choose_space, load_placer, published_spaces
from enfilade.spaces import Space
from enfilade.worth import Worth, weigh

__all__ = ["Judged", "Judges"]

KEPT: Final = 8
OWN: Final = 0.2
"""Radians, in a space of candidates, within which the file of an image lies from that image, however coarsely read."""
THREADS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Where a picture lies in a space, (dimensions,), and what is said of it: nothing where nothing was calibrated."""

    space: Space
    place: NDArray[np.float32]
    judgement: Judgement | None = None
    parameters: CalibrationParameters | None = None
    near: Mapping[int, Sequence[Neighbour]] = field(default_factory=dict)
    """The images nearest to it in spaces where these were found already, by the space's id."""

    def find(self, connection: Connection, limit: int, filters: Filters, *, duplicates: bool) -> list[Neighbour]:
        """Find the images nearest to it, nearest first, but what probably shows this very work before all others.

        Of each work the nearest, unless duplicates are wanted.
        """
        return distinct(connection, partial(self._nearest, connection, filters), limit, duplicates=duplicates)

    def verdict_on(self, found: Sequence[Neighbour]) -> Verdict | None:
        """Say whether this very work is in the collection, and among what was found; and whether it is of its kind."""
        if self.judgement is None:
            return None
        verdict = self.judgement.verdict
        shown = {image_id for one in found for image_id in (one.image_id, *one.duplicates)}
        return replace(verdict, among=verdict.image_id is None or verdict.image_id in shown)

    def _nearest(self, connection: Connection, filters: Filters, limit: int) -> list[Neighbour]:
        space = self.space
        found = list(self.near.get(space.id, ()))[:limit]
        if len(found) < limit or filters.narrow:
            found = nearest(connection, space, self.place, limit=limit, filters=filters)
        first = self.judgement.first if self.judgement else ()
        if not first or [one.image_id for one in found[: len(first)]] == list(first):
            return found
        known = {one.image_id: one for one in distances_to(connection, space, self.place, first, filters)}
        moved = [known[image_id] for image_id in first if image_id in known]
        return [*moved, *(one for one in found if one.image_id not in known)][:limit]

    def worth(
        self, connection: Connection, found: Sequence[Neighbour], known: Mapping[int, Image] | None = None
    ) -> list[Worth]:
        """Say of each result what it is worth; known: images that need not be fetched for their labels."""
        if self.parameters is None or self.judgement is None:
            return [Worth() for _ in found]
        near = [one.image_id for one in self.near[self.space.id][:NEAREST]]
        angles = {one.image_id: one.distance for one in found}
        images = dict(known or {})
        images |= find_images(connection, [one for one in {*near, *angles} if one not in images])
        labels = {label: {one.id: getattr(one, label) for one in images.values()} for label in self.parameters.alike}
        return weigh(self.parameters, self.judgement, near, angles, labels)


class Judges:
    """The networks that look at pictures, each set of spaces opened when it is first asked for; the latest few."""

    def __init__(self, home: Path, encoders: OpenEncoders | None = None) -> None:
        self._home, self._encoders = home, encoders or OpenEncoders(home)
        self._opened: dict[tuple[int, ...], Looking] = {}
        self._lock = Lock()
        self._beside = ThreadPoolExecutor(THREADS, thread_name_prefix="clues")
        cv2.setNumThreads(1)  # for the whole process: it is questions that run side by side

    def judge(self, connection: Connection, brought: Brought, space: str | None = None) -> Judged:
        """Place a picture in a space, the default one unless named, and judge it by what was calibrated for that.

        What is of the very file of an image lies where the image lies. Raises UnknownSpaceError, EmptyCollectionError,
        BackboneError.
        """
        published = published_spaces(connection)
        chosen, witnesses = choose_space(published, space), witness_spaces(published)
        parameters = load_calibration(connection, chosen.id, witnesses)
        seen_in = {one.id: one for one in (chosen, *(witnesses if parameters else ()))}
        looking = self._open(connection, seen_in)
        look = looking.look([brought.pixels])
        places = looking.places(seen_in.values(), look)
        if parameters is None:
            places |= places_of_file(connection, brought.sha256, [chosen.id])
            return Judged(chosen, places[chosen.id])
        # While the database is asked: the network takes every core
        keypoints = self._beside.submit(strongest_keypoints, brought.pixels)
        phash = perceptual_hash(brought.pixels)
        nearby = look_around(connection, witnesses, places, chosen)
        if nearby.closest < OWN and (own := places_of_file(connection, brought.sha256, list(seen_in))):
            places |= own
            nearby = look_around(connection, witnesses, places, chosen)
        likeness = likeness_of(connection, looking, witnesses[0], look, nearby)
        candidates = find_candidates(connection, nearby, phash)
        evidence = compare(keypoints.result(), candidates, likeness, each=self._beside.map)
        return Judged(chosen, places[chosen.id], judge(parameters, evidence), parameters, nearby.near)

    def _open(self, connection: Connection, by_id: Mapping[int, Space]) -> Looking:
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
