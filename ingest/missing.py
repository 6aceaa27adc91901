"""Features for images that were stored before an extractor was known, as after a new version of the network."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on

from enfilade.descriptors import Prepared
from enfilade.errors import RefusedImageError
from enfilade.images import Limits, decode, read_file, sha256
from enfilade.inference import BATCH
from enfilade.schema import extractor, feature, image, occurrence, rendition
from ingest.ahead import map_ahead
from ingest.extracting import Extracting
from ingest.progress import Reporter

__all__ = ["describe_missing"]


@dataclass(frozen=True, slots=True)
class _Stored:
    """An image without features: where its file was found, and a file of it that the database surely has."""

    id: int
    sha256: bytes
    places: Sequence[str]
    rendition: bytes


def describe_missing(engine: Engine, extracting: Extracting, reporter: Reporter) -> None:
    """Describe every image that is shown by every extractor; does nothing where nothing is missing."""
    with engine.connect() as connection:
        missing = _missing(connection, extracting.ids)
    if not missing:
        return
    with reporter.stage("Describe", sum(map(len, missing.values()))) as advance:
        for extractor_ids, image_ids in missing.items():
            some = extracting.only(extractor_ids)
            for start in range(0, len(image_ids), BATCH):
                with engine.begin() as connection:
                    _describe(connection, some, image_ids[start : start + BATCH])
                advance(len(image_ids[start : start + BATCH]))


def _missing(connection: Connection, extractor_ids: Sequence[int]) -> dict[tuple[int, ...], list[int]]:
    """Group the images that lack features by the extractors whose features they lack."""
    has = select(feature.c.image_id).where(feature.c.image_id == image.c.id, feature.c.extractor_id == extractor.c.id)
    lacking = func.array_agg(aggregate_order_by(extractor.c.id, extractor.c.id), type_=ARRAY(extractor.c.id.type))
    query = (
        select(image.c.id, lacking)
        .join_from(image, extractor, true())
        .where(extractor.c.id.in_(extractor_ids), image.c.hidden_at.is_(None), ~has.exists())
        .group_by(image.c.id)
        .order_by(image.c.id)
    )
    missing: dict[tuple[int, ...], list[int]] = {}
    for image_id, lacked in connection.execute(query):
        missing.setdefault(tuple(lacked), []).append(image_id)
    return missing


def _describe(connection: Connection, extracting: Extracting, ids: Sequence[int]) -> None:
    stored = _stored(connection, ids)

    def prepare(one: _Stored) -> Prepared:
        return extracting.prepare(decode(_original(one), limits=Limits()).pixels)

    prepared = list(map_ahead(prepare, stored, threads=os.cpu_count() or 1, ahead=BATCH))
    extracting.store(connection, np.array([one.id for one in stored]), extracting.describe(prepared))


def _stored(connection: Connection, ids: Sequence[int]) -> list[_Stored]:
    places: dict[int, list[str]] = {}
    for image_id, uri in connection.execute(
        select(occurrence.c.image_id, occurrence.c.source_uri).where(occurrence.c.image_id.in_(ids))
    ):
        places.setdefault(image_id, []).append(uri)
    # The original where it was kept ('original' sorts before 'preview'), else the preview.
    files = (
        select(image.c.id, image.c.sha256, rendition.c.bytes)
        .join(rendition, rendition.c.image_id == image.c.id)
        .where(image.c.id.in_(ids), rendition.c.kind != "thumbnail")
        .order_by(image.c.id, rendition.c.kind)
        .ext(distinct_on(image.c.id))
    )
    return [_Stored(row[0], bytes(row[1]), places.get(row[0], ()), bytes(row[2])) for row in connection.execute(files)]


def _original(one: _Stored) -> bytes:
    """Read the file that was ingested, if it still is where it was found; else what the database has of it."""
    for place in one.places:
        try:
            data = read_file(Path(place), Limits().max_bytes)
        except RefusedImageError:
            continue
        if sha256(data) == one.sha256:
            return data
    return one.rendition
