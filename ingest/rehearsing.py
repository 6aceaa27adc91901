"""Searches whose answers are known: members that come back changed, members as they are, and strangers."""

import os
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection, select

from enfilade.confidence import Agreement, Clues, Evidence, find_clues
from enfilade.confidence.augmentations import augment
from enfilade.confidence.kind import fit_kind
from enfilade.confidence.logistic import Logistic
from enfilade.confidence.same_work import Rehearsal, best_of, fit_same_work, rehearsals
from enfilade.confidence.strangers import draw_strangers
from enfilade.looks import Look, Looking
from enfilade.queries.evidence import compare, find_candidates, likeness_of, look_around
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import among
from enfilade.schema import feature
from enfilade.spaces import Space
from ingest.ahead import map_ahead
from ingest.progress import Reporter

__all__ = ["REHEARSED", "SEED", "STRANGERS_EACH", "Rehearsing"]

REHEARSED: Final = 160
STRANGERS_EACH: Final = 12
SEED: Final = 1
BATCH: Final = 32


class Rehearsing:
    """Asks for members, and for strangers; not safe in threads, as its connection is not.

    witnesses: as witness_spaces gives them. members: by id, in an order that does not change.
    """

    def __init__(
        self,
        connection: Connection,
        looking: Looking,
        witnesses: Sequence[Space],
        members: Sequence[int],
        reporter: Reporter,
    ) -> None:
        self._connection, self._looking, self._witnesses = connection, looking, witnesses
        self._members, self._reporter = members, reporter

    def same_work(self) -> Logistic:
        """Let members come back changed, and see what each agrees with itself, and with the others."""
        own: list[Agreement] = []
        others: list[Agreement] = []
        planned = rehearsals(len(self._members), REHEARSED, SEED)
        with self._reporter.stage("Calibrate", len(planned)) as advance:
            for start in range(0, len(planned), BATCH):
                batch = planned[start : start + BATCH]
                for rehearsal, evidence in zip(batch, self._come_back(batch), strict=True):
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
        stored, look = self._stored(ids)
        members = [self._likeness(look.row(row), without=one) for row, one in enumerate(stored)]
        return fit_kind(np.array(members), self._strangers())

    def _strangers(self) -> NDArray[np.float64]:
        found = []
        pictures = list(draw_strangers(STRANGERS_EACH, SEED))
        for start in range(0, len(pictures), BATCH):
            batch = pictures[start : start + BATCH]
            look = self._looking.look(batch)
            found += [self._likeness(look.row(row)) for row in range(len(batch))]
        return np.array(found)

    def _come_back(self, batch: Sequence[Rehearsal]) -> list[Evidence]:
        pictures = load_thumbnails(self._connection, [self._members[one.member] for one in batch])
        cv2.setNumThreads(1)

        def change(one: Rehearsal) -> tuple[Image.Image, Clues]:
            changed = augment(pictures[self._members[one.member]], one.kind, one.seed)
            return changed, find_clues(changed)

        made = list(map_ahead(change, batch, threads=os.cpu_count() or 1, ahead=len(batch)))
        look = self._looking.look([picture for picture, _ in made])
        return [self._check(look.row(row), clues) for row, (_, clues) in enumerate(made)]

    def _check(self, look: Look, clues: Clues) -> Evidence:
        places = self._looking.places(self._witnesses, look)
        nearby = look_around(self._connection, self._witnesses, places)
        return compare(clues.keypoints, find_candidates(self._connection, nearby, clues.phash))

    def _likeness(self, look: Look, *, without: int | None = None) -> float:
        first = self._witnesses[:1]
        nearby = look_around(self._connection, first, self._looking.places(first, look), without=without)
        return likeness_of(self._connection, self._looking, first[0], look, nearby)

    def _stored(self, ids: Sequence[int]) -> tuple[list[int], Look]:
        """Fetch what the first witness's extractors saw of members, in their order, when these were taken."""
        first, features = self._witnesses[0], {}
        for extractor_id, extractor in zip(first.extractor_ids, self._looking.extractors_of(first), strict=True):
            query = select(feature.c.image_id, feature.c.vector).where(
                feature.c.extractor_id == extractor_id, among(feature.c.image_id, ids)
            )
            features[extractor.recipe_hash] = {row[0]: row[1] for row in self._connection.execute(query)}
        known = [one for one in ids if all(one in rows for rows in features.values())]
        blocks = {name: [rows[one] for one in known] for name, rows in features.items()}
        return known, Look({name: np.array(block, dtype=np.float32) for name, block in blocks.items()})
