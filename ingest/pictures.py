"""The first stage: candidates -> images, renditions, occurrences, rejections and features, in one pass."""

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select, text

from enfilade.images import Limits
from enfilade.inference import BATCH
from enfilade.schema import image
from ingest.ahead import map_ahead
from ingest.counts import Counts
from ingest.examining import Examined, Examiner
from ingest.extracting import Extracting
from ingest.progress import Reporter
from ingest.sources import Source
from ingest.store import decide, look_up, write

__all__ = ["Taken", "take_pictures"]

# Or else the planner, which knows of no rows yet, passes by the indexes.
ANALYZE = "ANALYZE enfilade.image, enfilade.occurrence, enfilade.rendition, enfilade.feature"
LARGEST_BATCH = 16 * BATCH  # rows in one transaction, where most are known already


@dataclass(frozen=True, slots=True)
class Taken:
    """What the stage did."""

    counts: Counts
    images_per_second: float
    """Pictures decoded, rendered, embedded and stored, over the wall time of the stage."""


def take_pictures(
    engine: Engine, source: Source, extracting: Extracting, reporter: Reporter, *, keep_originals: bool
) -> Taken:
    """Take every candidate of a source; each batch is a transaction, so a killed run resumes where it was."""
    with engine.connect() as connection:
        known = {bytes(digest) for digest in connection.scalars(select(image.c.sha256))}
    examiner = Examiner(extracting.prepare, known, Limits(), keep_originals)
    threads = os.cpu_count() or 1
    counts, seen, stored, started = Counts(), set[str](), 0, time.monotonic()
    with reporter.stage("Pictures", len(source)) as advance:
        examined = map_ahead(examiner, source, threads=threads, ahead=2 * BATCH + threads)
        for group in _batches(examined):
            with engine.begin() as connection:
                batch = decide(group, look_up(connection, group), seen)
                new_ids = write(connection, batch, source.uri)
                extracting.store(
                    connection, new_ids, extracting.describe([new.prepared for new, _ in batch.new.values()])
                )
            counts.add(batch.outcomes, batch.rejections)
            known |= batch.new.keys()
            stored += len(batch.new)
            advance(len(group))
    if stored:
        with engine.begin() as connection:
            connection.execute(text(ANALYZE))
    return Taken(counts, stored / max(time.monotonic() - started, 1e-9))


def _batches(examined: Iterable[Examined]) -> Iterator[list[Examined]]:
    """Group candidates so that each group fills one batch of the network, or one transaction."""
    batch: list[Examined] = []
    pictures = 0
    for item in examined:
        batch.append(item)
        pictures += item.picture is not None
        if pictures == BATCH or len(batch) == LARGEST_BATCH:
            yield batch
            batch, pictures = [], 0
    if batch:
        yield batch
