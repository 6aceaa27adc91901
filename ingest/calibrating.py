"""The fourth stage: how sure an answer is, calibrated on the collection itself, for each published space.

Members come back changed, and what each then agrees with itself is what a match looks like; pictures drawn by chance
show what is foreign; neighbours whose labels are known show what alike is worth. docs/confidence.md tells the method.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection, Engine, select

from enfilade.confidence import Agreement, CalibrationParameters, Evidence, find_keypoints
from enfilade.confidence.augmentations import augment
from enfilade.confidence.calibration import METHOD
from enfilade.confidence.keypoints import ASKED, Keypoints
from enfilade.confidence.kind import fit_kind
from enfilade.confidence.logistic import Logistic
from enfilade.confidence.same_work import Rehearsal, best_of, fit_same_work, rehearsals
from enfilade.confidence.strangers import STRANGERS, draw_strangers
from enfilade.looks import Look, Looking
from enfilade.queries.calibrations import store_calibration
from enfilade.queries.evidence import check, look_around, witness_spaces
from enfilade.queries.files import load_thumbnails
from enfilade.queries.spaces import load_placer, published_spaces
from enfilade.schema import calibration, image
from enfilade.spaces import Space
from ingest.ahead import map_ahead
from ingest.alikeness import fit_alike_curves
from ingest.progress import Reporter

__all__ = ["FEWEST", "calibrate"]

FEWEST: Final = 100
"""Members below which a curve would be a guess."""
REHEARSED: Final = 160
STRANGERS_EACH: Final = 12
GROWN: Final = 1.1
"""How many times as many members there may be before it is done again."""
SEED: Final = 1
BATCH: Final = 32


def calibrate(engine: Engine, home: Path, reporter: Reporter, *, anew: bool = False) -> None:
    """Calibrate the published spaces that have no calibration, or one of a collection that has since grown or shrunk.

    Where there are too few members nothing is said of confidence.
    """
    with engine.connect() as connection:
        members = list(
            connection.scalars(select(image.c.id).where(image.c.hidden_at.is_(None)).order_by(image.c.sha256))
        )
        spaces = [space for space in published_spaces(connection) if anew or _due(connection, space, len(members))]
        if len(members) < FEWEST or not spaces:
            return
        witnesses = witness_spaces(connection)
        looking = Looking([(space, load_placer(connection, space)) for space in witnesses], home)
        with ThreadPoolExecutor(1) as beside, engine.connect() as another:
            kind_of = beside.submit(_Rehearsing(another, looking, witnesses, members, reporter).kind)
            same_work = _Rehearsing(connection, looking, witnesses, members, reporter).same_work()
            kind = kind_of.result()
        for space in spaces:
            alike = fit_alike_curves(connection, space, members, SEED)
            found = CalibrationParameters(
                same_work,
                kind,
                alike,
                len(members),
                min(REHEARSED, len(members)),
                STRANGERS_EACH * len(STRANGERS),
                SEED,
            )
            with engine.begin() as writing:
                store_calibration(writing, space.id, found)


def _due(connection: Connection, space: Space, members: int) -> bool:
    query = (
        select(calibration.c.members)
        .where(calibration.c.space_id == space.id, calibration.c.method == METHOD)
        .order_by(calibration.c.id.desc())
        .limit(1)
    )
    before = connection.scalar(query)
    return before is None or not before / GROWN <= members <= before * GROWN


class _Rehearsing:
    """Gathers the evidence for members and for strangers."""

    def __init__(
        self,
        connection: Connection,
        looking: Looking,
        spaces: Sequence[Space],
        members: Sequence[int],
        reporter: Reporter,
    ) -> None:
        self._connection, self._looking, self._spaces = connection, looking, spaces
        self._members, self._reporter = members, reporter

    def same_work(self) -> Logistic:
        """Let members come back changed, and see what each agrees with itself, and with the others."""
        own: list[Agreement] = []
        others: list[Agreement] = []
        planned = rehearsals(len(self._members), REHEARSED, SEED)
        with self._reporter.stage("Calibrate", len(planned)) as advance:
            for start in range(0, len(planned), BATCH):
                batch = planned[start : start + BATCH]
                for rehearsal, evidence in zip(batch, self._rehearse(batch), strict=True):
                    member = self._members[rehearsal.member]
                    agreed = dict(zip(evidence.candidates, evidence.agreements, strict=True))
                    own += [agreed.pop(member)] if member in agreed else []
                    others.append(best_of(list(agreed.values())))
                advance(len(batch))
        return fit_same_work(own, others)

    def kind(self) -> Logistic:
        """See how near members lie to the others, and how near what was drawn by chance."""
        chosen = Generator(PCG64(SEED)).permutation(len(self._members))[:REHEARSED]
        ids = [self._members[number] for number in chosen]
        pictures = load_thumbnails(self._connection, ids)
        members = self._likenesses([pictures[one] for one in ids], ids)
        return fit_kind(members, self._likenesses(list(draw_strangers(STRANGERS_EACH, SEED)), None))

    def _rehearse(self, batch: Sequence[Rehearsal]) -> list[Evidence]:
        pictures = load_thumbnails(self._connection, [self._members[one.member] for one in batch])
        cv2.setNumThreads(1)

        def change(one: Rehearsal) -> tuple[Image.Image, Keypoints]:
            changed = augment(pictures[self._members[one.member]], one.kind, one.seed)
            return changed, find_keypoints(changed, ASKED)

        made = list(map_ahead(change, batch, threads=os.cpu_count() or 1, ahead=len(batch)))
        look = self._looking.look([picture for picture, _ in made])
        return [self._check(look.row(number), keypoints) for number, (_, keypoints) in enumerate(made)]

    def _check(self, look: Look, keypoints: Keypoints) -> Evidence:
        nearby = look_around(self._connection, self._looking, self._spaces, look)
        return check(self._connection, nearby, keypoints)

    def _likenesses(self, pictures: Sequence[Image.Image], ids: Sequence[int] | None) -> NDArray[np.float64]:
        found = []
        for start in range(0, len(pictures), BATCH):
            look = self._looking.look(pictures[start : start + BATCH])
            for number in range(len(pictures[start : start + BATCH])):
                without = None if ids is None else ids[start + number]
                nearby = look_around(
                    self._connection, self._looking, self._spaces[:1], look.row(number), without=without
                )
                found.append(nearby.likeness)
        return np.array(found)
