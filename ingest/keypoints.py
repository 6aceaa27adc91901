"""The keypoints of every picture, by which a second reproduction is told from a picture that is only like it."""

import os
from collections.abc import Sequence

import cv2
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from enfilade.confidence import find_keypoints
from enfilade.confidence.keypoints import METHOD
from enfilade.queries.files import open_thumbnail, read_thumbnails
from enfilade.schema import image, keypoint
from ingest.ahead import map_ahead
from ingest.progress import Reporter

__all__ = ["find_missing_keypoints"]

BATCH = 128
"""Images of one transaction: a killed run loses the work of two seconds."""


def find_missing_keypoints(engine: Engine, reporter: Reporter) -> None:
    """Find and store the keypoints of each image that is shown and has none, or those of another method."""
    with engine.connect() as connection:
        missing = _missing(connection)
    if not missing:
        return
    cv2.setNumThreads(1)  # a picture a thread goes further than several threads on one picture
    with reporter.stage("Keypoints", len(missing)) as advance:
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            with engine.begin() as connection:
                _find(connection, batch)
            advance(len(batch))


def _missing(connection: Connection) -> list[int]:
    has = select(keypoint.c.image_id).where(keypoint.c.image_id == image.c.id, keypoint.c.method == METHOD)
    query = select(image.c.id).where(image.c.hidden_at.is_(None), ~has.exists()).order_by(image.c.id)
    return list(connection.scalars(query))


def _find(connection: Connection, ids: Sequence[int]) -> None:
    thumbnails = read_thumbnails(connection, ids)
    found = map_ahead(_written, thumbnails.values(), threads=os.cpu_count() or 1, ahead=BATCH)
    rows = [
        {"image_id": image_id, "method": METHOD, "data": data} for image_id, data in zip(thumbnails, found, strict=True)
    ]
    if not rows:
        return
    upsert = insert(keypoint).values(rows)
    replaced = {"method": upsert.excluded.method, "data": upsert.excluded.data, "compared": None}
    connection.execute(upsert.on_conflict_do_update(index_elements=["image_id"], set_=replaced))


def _written(thumbnail: bytes) -> bytes:
    return find_keypoints(open_thumbnail(thumbnail)).to_bytes()
