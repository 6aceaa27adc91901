"""Features for images that were stored before an extractor was known, as after a new version of the network."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, Engine, and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from enfilade.copying import copy_in, halfvec, integer
from enfilade.descriptors import Extractor
from enfilade.errors import RefusedImageError
from enfilade.images import Limits, decode, read_file, sha256
from enfilade.inference import BATCH
from enfilade.schema import feature, image, occurrence, rendition
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
    for number, extractor in enumerate(extracting.extractors):
        with engine.connect() as connection:
            ids = _without(connection, extracting.ids[number])
        if ids:
            with reporter.stage("Describe", len(ids)) as advance:
                for start in range(0, len(ids), BATCH):
                    with engine.begin() as connection:
                        _describe(connection, extracting, number, extractor, ids[start : start + BATCH])
                    advance(len(ids[start : start + BATCH]))


def _without(connection: Connection, extractor_id: int) -> list[int]:
    has = and_(feature.c.image_id == image.c.id, feature.c.extractor_id == extractor_id)
    query = select(image.c.id).outerjoin(feature, has).where(feature.c.image_id.is_(None), image.c.hidden_at.is_(None))
    return list(connection.scalars(query.order_by(image.c.id)))


def _describe(
    connection: Connection, extracting: Extracting, number: int, extractor: Extractor, ids: Sequence[int]
) -> None:
    stored = _stored(connection, ids)

    def prepare(one: _Stored) -> NDArray[np.uint8]:
        return extractor.prepare(decode(_original(one), limits=Limits()).pixels)

    prepared = list(map_ahead(prepare, stored, threads=os.cpu_count() or 1, ahead=BATCH))
    vectors = extracting.extract(number, prepared)
    fields = [integer("extractor_id"), integer("image_id"), halfvec("vector", vectors.shape[1])]
    owners = np.full(len(stored), extracting.ids[number], dtype=np.int64)
    copy_in(connection, sql.SQL("enfilade.feature"), fields, owners, np.array([one.id for one in stored]), vectors)


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
