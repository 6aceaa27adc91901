"""The last stage: images that show the same work, found among those that are like each other."""

import os
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from sqlalchemy import Connection, Engine, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from enfilade.confidence import Agreement, Keypoints, agree
from enfilade.confidence.keypoints import METHOD
from enfilade.confidence.logistic import Logistic
from enfilade.confidence.one_work import are_one_work
from enfilade.confidence.verdict import UNSURE
from enfilade.queries.calibrations import latest_calibration
from enfilade.queries.evidence import witness_spaces
from enfilade.queries.images import among
from enfilade.queries.keypoints import load_keypoints
from enfilade.queries.spaces import published_spaces
from enfilade.schema import duplicate_pair, image, keypoint
from ingest.ahead import map_ahead
from ingest.candidates import Candidates
from ingest.grouping import regroup
from ingest.progress import Reporter

__all__ = ["RULE", "find_duplicates"]

RULE: Final = 1
"""Raised whenever other pairs would be compared, or otherwise: every image is then compared anew."""
BATCH: Final = 256
"""Images of one transaction."""


def find_duplicates(engine: Engine, reporter: Reporter) -> None:
    """Compare each image that is shown and was not compared before with those it may be a duplicate of; then regroup.

    An image is marked in the transaction that writes its pairs, so that a killed run compares no pair twice.
    """
    with engine.connect() as connection:
        waiting = _waiting(connection)
        candidates = Candidates(connection) if waiting else None
        found = latest_calibration(connection, witness_spaces(published_spaces(connection)))
        fitted = found.same_work if found else None
    if candidates:
        cv2.setNumThreads(1)
        with reporter.stage("Duplicates", len(waiting)) as advance:
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH]
                with engine.begin() as connection:
                    _compare(connection, batch, candidates, fitted)
                advance(len(batch))
    with engine.begin() as connection:
        regroup(connection)


def _waiting(connection: Connection) -> list[int]:
    query = (
        select(image.c.id)
        .join(keypoint, keypoint.c.image_id == image.c.id)
        .where(image.c.hidden_at.is_(None), keypoint.c.method == METHOD, keypoint.c.compared.is_distinct_from(RULE))
        .order_by(image.c.id)
    )
    return list(connection.scalars(query))


def _compare(connection: Connection, ids: Sequence[int], candidates: Candidates, fitted: Logistic | None) -> None:
    touching = or_(among(duplicate_pair.c.source, ids), among(duplicate_pair.c.target, ids))
    connection.execute(delete(duplicate_pair).where(touching, duplicate_pair.c.decided.is_(None)))
    pairs = candidates.of(connection, ids, RULE)
    stored = load_keypoints(connection, sorted({image_id for pair in pairs for image_id in pair}))
    pairs = [pair for pair in pairs if stored.keys() >= set(pair)]
    fewest = np.array([min(len(stored[one]), len(stored[other])) for one, other in pairs], dtype=np.int64)
    _store(connection, pairs, are_one_work(_agreements(pairs, stored), fewest, fitted).tolist())
    connection.execute(update(keypoint).where(among(keypoint.c.image_id, ids)).values(compared=RULE))


def _agreements(pairs: Sequence[tuple[int, int]], stored: dict[int, Keypoints]) -> list[Agreement]:
    def compare(pair: tuple[int, int]) -> Agreement:
        return agree(stored[pair[0]], stored[pair[1]])

    return list(map_ahead(compare, pairs, threads=os.cpu_count() or 1, ahead=len(pairs) + 1))


def _store(connection: Connection, pairs: Sequence[tuple[int, int]], probabilities: Sequence[float]) -> None:
    """Keep the pairs that may be one work; what a person decided of them stands."""
    rows = [
        {"source": pair[0], "target": pair[1], "probability": probability}
        for pair, probability in zip(pairs, probabilities, strict=True)
        if probability >= UNSURE
    ]
    if rows:
        upsert = insert(duplicate_pair).values(rows)
        found = {"probability": upsert.excluded.probability}
        connection.execute(upsert.on_conflict_do_update(index_elements=["source", "target"], set_=found))
