"""Write pictures: decide what becomes of each examined candidate, then binary COPY and one upsert for each table.

A batch is one transaction: a killed run leaves whole batches and nothing in staging.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, select

from enfilade.copying import driver
from enfilade.errors import RefusedImageError
from enfilade.queries.images import among
from enfilade.schema import image, occurrence
from ingest.counts import Outcome
from ingest.described import Description, clean, describe
from ingest.examining import Examined, NewPicture
from ingest.staging import stage

__all__ = ["Batch", "decide", "look_up", "write"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database already has of a batch."""

    image_ids: Mapping[bytes, int]
    undescribed: Container[int]
    """Ids of images of which no source has said anything."""
    occurrences: Mapping[str, tuple[int, bool, Mapping[str, Any]]]
    """Source URI -> image id, whether it describes the image, and what was said of it."""


@dataclass(slots=True)
class Batch:
    """What is to be written, and what became of each candidate."""

    new: dict[bytes, tuple[NewPicture, Description]] = field(default_factory=dict)
    occurrences: list[tuple[str, bytes, dict[str, Any], bool]] = field(default_factory=list)
    """Source URI, hash, what was said, whether that describes the image."""
    redescribed: list[tuple[int, Description]] = field(default_factory=list)
    rejections: list[tuple[str, RefusedImageError]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """Images that a place no longer shows, since its file has changed."""
    outcomes: list[Outcome] = field(default_factory=list)


def look_up(connection: Connection, examined: Sequence[Examined]) -> Known:
    """Find which of these hashes and places are known."""
    hashes = [item.sha256 for item in examined if not item.refusal]
    places = [item.candidate.uri for item in examined]
    images = connection.execute(select(image.c.sha256, image.c.id).where(image.c.sha256.in_(hashes)))
    known = connection.execute(
        select(occurrence.c.source_uri, occurrence.c.image_id, occurrence.c.describes, occurrence.c.metadata).where(
            occurrence.c.source_uri.in_(places)
        )
    )
    image_ids = {bytes(row.sha256): row.id for row in images}
    spoken = select(occurrence.c.image_id).where(
        among(occurrence.c.image_id, list(image_ids.values())), occurrence.c.metadata != {}
    )
    return Known(
        image_ids=image_ids,
        undescribed=set(image_ids.values()) - set(connection.scalars(spoken)),
        occurrences={row.source_uri: (row.image_id, row.describes, row.metadata) for row in known},
    )


def decide(examined: Sequence[Examined], known: Known, seen: set[str]) -> Batch:
    """Decide what becomes of each candidate. `seen` holds the places met in this run, and grows."""
    batch = Batch()
    for item in examined:
        batch.outcomes.append(_decide_one(item, known, seen, batch))
        seen.add(item.candidate.uri)
    return batch


def _decide_one(item: Examined, known: Known, seen: set[str], batch: Batch) -> Outcome:
    uri = item.candidate.uri
    if item.refusal:
        batch.rejections.append((uri, item.refusal))
        return Outcome.REJECTED
    if uri in seen:
        return Outcome.DUPLICATE
    said = clean(item.candidate.metadata)
    before = known.occurrences.get(uri)
    image_id = known.image_ids.get(item.sha256)
    if before and before[0] != image_id:
        batch.left.append(before[0])
    if image_id is None and item.sha256 not in batch.new:
        assert item.picture, "a picture that is not known was decoded"  # noqa: S101
        batch.new[item.sha256] = (item.picture, describe(said))
        batch.occurrences.append((uri, item.sha256, said, True))
        return Outcome.UPDATED if before else Outcome.ADDED
    if before is None or before[0] != image_id:
        describes = bool(said) and image_id in known.undescribed
        batch.occurrences.append((uri, item.sha256, said, describes))
        if describes and image_id is not None:
            batch.redescribed.append((image_id, describe(said)))
        return Outcome.UPDATED if before else Outcome.DUPLICATE
    _, describes, said_before = before
    # A source that says nothing, as a folder does, takes nothing back.
    if not said or said == said_before:
        batch.unchanged.append(uri)
        return Outcome.UNCHANGED
    batch.occurrences.append((uri, item.sha256, said, describes))
    if describes:
        batch.redescribed.append((before[0], describe(said)))
    return Outcome.UPDATED


def write(connection: Connection, batch: Batch, source: str) -> NDArray[np.int64]:
    """Write a batch but for its features. Gives the ids of the new images, in the order of `batch.new`."""
    cursor = driver(connection).cursor()
    ids = _write_images(cursor, batch) if batch.new else {}
    if batch.occurrences:
        _write_occurrences(cursor, batch, source)
    if batch.left:
        cursor.execute(HIDE_LEFT, [batch.left])
    refused = [uri for uri, _ in batch.rejections]
    cursor.execute(
        "UPDATE enfilade.occurrence SET seen_at = now() WHERE source_uri = ANY(%s)", [batch.unchanged + refused]
    )
    taken = [uri for uri, *_ in batch.occurrences] + batch.unchanged
    cursor.execute("DELETE FROM enfilade.rejection WHERE source_uri = ANY(%s)", [taken])
    if batch.redescribed:
        _redescribe(cursor, batch)
    if batch.rejections:
        _write_rejections(cursor, batch, source)
    return np.array([ids[digest] for digest in batch.new], dtype=np.int64)


DESCRIBED = {
    "title": "text",
    "artist": "text",
    "year_from": "int4",
    "year_to": "int4",
    "style": "text",
    "genre": "text",
    "licence": "text",
    "attributes": "jsonb",
}

INSERT_IMAGES = """
    INSERT INTO enfilade.image (sha256, phash, width, height, media_type,
        title, artist, year_from, year_to, style, genre, licence, attributes)
    SELECT sha256, phash, width, height, media_type,
        title, artist, year_from, year_to, style, genre, licence, attributes
    FROM staged_image ORDER BY position
    RETURNING sha256, id
"""
REDESCRIBE_IMAGES = """
    UPDATE enfilade.image AS i
    SET (title, artist, year_from, year_to, style, genre, licence, attributes)
        = (s.title, s.artist, s.year_from, s.year_to, s.style, s.genre, s.licence, s.attributes)
    FROM staged_description AS s WHERE i.id = s.id
"""
# A picture whose last file has become another is gone from its source; `enfilade restore-image` can bring it back.
HIDE_LEFT = """
    UPDATE enfilade.image AS i SET hidden_at = now()
    WHERE i.id = ANY(%s) AND NOT EXISTS (SELECT FROM enfilade.occurrence AS o WHERE o.image_id = i.id)
"""
# A file that has become again what it was shows its picture again; what was removed on purpose kept its place.
SHOW_AGAIN = """
    WITH shown AS (
        UPDATE enfilade.image AS i SET hidden_at = NULL FROM staged_occurrence AS s
        WHERE i.sha256 = s.sha256 AND i.hidden_at IS NOT NULL
            AND NOT EXISTS (SELECT FROM enfilade.occurrence AS o WHERE o.image_id = i.id)
        RETURNING i.id
    )
    UPDATE enfilade.keypoint AS k SET compared = NULL FROM shown WHERE k.image_id = shown.id
"""
UPSERT_OCCURRENCES = """
    INSERT INTO enfilade.occurrence (source_uri, image_id, source, metadata, describes)
    SELECT s.source_uri, i.id, s.source, s.metadata, s.describes
    FROM staged_occurrence AS s JOIN enfilade.image AS i USING (sha256)
    ON CONFLICT (source_uri) DO UPDATE SET image_id = excluded.image_id, source = excluded.source,
        metadata = excluded.metadata, describes = excluded.describes, seen_at = now()
"""
UPSERT_REJECTIONS = """
    INSERT INTO enfilade.rejection (source_uri, source, reason, detail)
    SELECT source_uri, source, reason, detail FROM staged_rejection
    ON CONFLICT (source_uri) DO UPDATE SET source = excluded.source, reason = excluded.reason,
        detail = excluded.detail, at = now()
"""


def _write_images(cursor: psycopg.Cursor[Any], batch: Batch) -> dict[bytes, int]:
    columns = {"position": "int4", "sha256": "bytea", "phash": "int8", "width": "int4", "height": "int4"}
    columns |= {"media_type": "text", **DESCRIBED}
    rows = [
        [position, digest, picture.phash, picture.width, picture.height, picture.media_type, *_described(description)]
        for position, (digest, (picture, description)) in enumerate(batch.new.items())
    ]
    stage(cursor, "staged_image", columns, rows)
    ids = {bytes(digest): image_id for digest, image_id in cursor.execute(INSERT_IMAGES)}
    with cursor.copy(
        "COPY enfilade.rendition (image_id, kind, media_type, width, height, bytes) FROM STDIN (FORMAT BINARY)"
    ) as copy:
        copy.set_types(["int8", "text", "text", "int4", "int4", "bytea"])
        for digest, (picture, _) in batch.new.items():
            for file in picture.renditions:
                copy.write_row([ids[digest], file.kind, file.media_type, file.width, file.height, file.data])
    return ids


def _write_occurrences(cursor: psycopg.Cursor[Any], batch: Batch, source: str) -> None:
    columns = {"source_uri": "text", "sha256": "bytea", "source": "text", "metadata": "jsonb", "describes": "bool"}
    rows = [[uri, digest, source, Jsonb(said), describes] for uri, digest, said, describes in batch.occurrences]
    stage(cursor, "staged_occurrence", columns, rows)
    cursor.execute(SHOW_AGAIN)
    cursor.execute(UPSERT_OCCURRENCES)


def _redescribe(cursor: psycopg.Cursor[Any], batch: Batch) -> None:
    rows = [[image_id, *_described(description)] for image_id, description in batch.redescribed]
    stage(cursor, "staged_description", {"id": "int8", **DESCRIBED}, rows)
    cursor.execute(REDESCRIBE_IMAGES)


def _write_rejections(cursor: psycopg.Cursor[Any], batch: Batch, source: str) -> None:
    columns = {"source_uri": "text", "source": "text", "reason": "text", "detail": "text"}
    rows = {uri: [uri, source, refusal.reason, refusal.detail] for uri, refusal in batch.rejections}
    stage(cursor, "staged_rejection", columns, rows.values())
    cursor.execute(UPSERT_REJECTIONS)


def _described(description: Description) -> list[Any]:
    values = [getattr(description, name) for name in DESCRIBED]
    return [Jsonb(value) if isinstance(value, dict) else value for value in values]
