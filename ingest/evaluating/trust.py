"""Ask for the pictures of a source as a search does, and note what is said of each."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from sqlalchemy import Connection, select

from enfilade.confidence import Clues, find_clues, judge
from enfilade.confidence.alike import NEAREST
from enfilade.errors import CalibrationError, RefusedImageError, SourceError
from enfilade.evaluation.trust import Trial
from enfilade.images import Limits, decode_part
from enfilade.inference import BATCH
from enfilade.looks import Look, Looking
from enfilade.queries.calibrations import load_calibration
from enfilade.queries.duplicates import works_of
from enfilade.queries.evidence import compare, find_candidates, likeness_of, look_around, witness_spaces
from enfilade.queries.images import find_images
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.queries.spaces import choose_space, load_placer, published_spaces
from enfilade.schema import occurrence
from enfilade.worth import alike_by_label
from ingest.ahead import map_ahead
from ingest.described import describe
from ingest.progress import Reporter
from ingest.sources import Candidate, Source

__all__ = ["Asking"]

BEST = 10


@dataclass(frozen=True, slots=True)
class _Read:
    candidate: Candidate
    picture: Image.Image
    clues: Clues


class Asking:
    """Asks in the default space. Raises CalibrationError where nothing was calibrated yet, BackboneError."""

    def __init__(self, connection: Connection, home: Path) -> None:
        self._connection = connection
        published = published_spaces(connection)
        self._space, self._witnesses = choose_space(published), witness_spaces(published)
        parameters = load_calibration(connection, self._space.id, self._witnesses)
        if parameters is None:
            raise CalibrationError("Nothing was calibrated on this collection yet: it is too small, or not ingested.")
        self._parameters = parameters
        spaces = {space.id: space for space in (*self._witnesses, self._space)}
        self._looking = Looking([(space, load_placer(connection, space)) for space in spaces.values()], home)

    def ask(self, source: Source, reporter: Reporter, match_column: str | None = None) -> list[Trial]:
        """Ask for every picture that can be read; match_column tells the file that it should be found as."""
        trials: list[Trial] = []
        read = map_ahead(_read, source, threads=os.cpu_count() or 1, ahead=2 * BATCH)
        with reporter.stage("Ask", len(source)) as advance:
            for batch in _batched(read):
                taken = [one for one in batch if one is not None]
                if taken:
                    look = self._looking.look([one.picture for one in taken])
                    trials += [self._try(one, look.row(at), match_column) for at, one in enumerate(taken)]
                advance(len(batch))
        return trials

    def _try(self, one: _Read, look: Look, match_column: str | None) -> Trial:
        nearby = look_around(self._connection, self._witnesses, self._looking.places(self._witnesses, look))
        likeness = likeness_of(self._connection, self._looking, self._witnesses[0], look, nearby)
        candidates = find_candidates(self._connection, nearby, one.clues.phash)
        judgement = judge(self._parameters, compare(one.clues.keypoints, candidates, likeness))
        near = nearest(self._connection, self._space, self._looking.place(self._space, look)[0], limit=NEAREST)
        results = list(dict.fromkeys([*judgement.first, *(hit.image_id for hit in near[:BEST])]))
        right = self._right(one.candidate, match_column)
        rank = next((place for place, image_id in enumerate(results, start=1) if image_id in right), 0)
        told = self._alike(one.candidate, near, judgement.verdict.kind)
        return Trial(judgement.verdict, rank, bool(right), told)

    def _alike(
        self, candidate: Candidate, near: Sequence[Neighbour], of_a_kind: float
    ) -> dict[str, list[tuple[float, bool]]]:
        own, images = describe(candidate.metadata), find_images(self._connection, [hit.image_id for hit in near])
        labels = {label: {one.id: getattr(one, label) for one in images.values()} for label in self._parameters.alike}
        found = {hit.image_id: hit.distance for hit in near[:BEST]}
        by_label = alike_by_label(self._parameters, of_a_kind, list(images), found, labels)
        return {
            label: [(probability, labels[label][one] == value) for one, probability in told.items()]
            for label, told in by_label.items()
            if (value := getattr(own, label))
        }

    def _right(self, candidate: Candidate, match_column: str | None) -> tuple[int, ...]:
        """Find the image that a picture should be found as, by the end of its file's name, and others of its work."""
        if match_column is None:
            return ()
        if match_column not in candidate.metadata:
            known = ", ".join(sorted(candidate.metadata))
            raise SourceError(f"The manifest of --members has no column {match_column!r}; it has {known}.")
        file = candidate.metadata[match_column]
        query = select(occurrence.c.image_id).where(occurrence.c.source_uri.endswith(f"/{file}", autoescape=True))
        found = self._connection.scalar(query.order_by(occurrence.c.image_id).limit(1))
        return () if found is None else works_of(self._connection, [found]).get(found, (found,))


def _read(candidate: Candidate) -> _Read | None:
    try:
        picture = decode_part(candidate.read(Limits().max_bytes), Limits())
    except RefusedImageError:
        return None
    return _Read(candidate, picture, find_clues(picture))


def _batched(items: Iterable[_Read | None]) -> Iterator[list[_Read | None]]:
    batch: list[_Read | None] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
