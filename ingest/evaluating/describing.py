"""Describe every picture of a source for an evaluation."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from enfilade.descriptors import Describing, Extractor, OpenEncoders, Prepared
from enfilade.errors import RefusedImageError, TooFewImagesError
from enfilade.evaluation.baselines import rgb_histogram
from enfilade.images import Limits, decode, sha256
from enfilade.inference import BATCH
from ingest.ahead import map_ahead
from ingest.described import Description, describe
from ingest.evaluating.sample import Sample
from ingest.progress import Reporter
from ingest.sources import Candidate, Source

__all__ = ["describe_source", "histogram_of"]

HISTOGRAM_SIDE = 128


@dataclass(frozen=True, slots=True)
class _Look:
    """A candidate that was looked at."""

    candidate: Candidate
    sha256: bytes
    histogram: NDArray[np.float32]
    prepared: Prepared


@dataclass(slots=True)
class _Taken:
    """What was taken so far, each picture once."""

    keys: dict[bytes, Description] = field(default_factory=dict)
    histograms: list[NDArray[np.float32]] = field(default_factory=list)
    waiting: list[Prepared] = field(default_factory=list)
    features: list[list[NDArray[np.float16]]] = field(default_factory=list)
    left_out: list[tuple[str, RefusedImageError]] = field(default_factory=list)
    duplicates: int = 0

    def add(self, look: _Look | tuple[str, RefusedImageError]) -> None:
        if not isinstance(look, _Look):
            self.left_out.append(look)
        elif look.sha256 in self.keys:
            self.duplicates += 1
        else:
            self.keys[look.sha256] = describe(look.candidate.metadata)
            self.histograms.append(look.histogram)
            self.waiting.append(look.prepared)

    def describe(self, describing: Describing) -> None:
        """Describe those that wait."""
        if self.waiting:
            self.features.append([block.astype(np.float16) for block in describing.describe(self.waiting)])
            self.waiting = []


def describe_source(source: Source, extractors: Sequence[Extractor], home: Path, reporter: Reporter) -> Sample:
    """Describe every picture of a source; files that can't be taken and exact duplicates are left out and counted.

    Raises TooFewImagesError where fewer than two are left.
    """
    describing, taken = Describing(extractors, OpenEncoders(home)), _Taken()

    def look(candidate: Candidate) -> _Look | tuple[str, RefusedImageError]:
        try:
            data = candidate.read(Limits().max_bytes)
            picture = decode(data, limits=Limits()).pixels
        except RefusedImageError as refusal:
            return candidate.uri, refusal
        return _Look(candidate, sha256(data), histogram_of(picture), describing.prepare(picture))

    with reporter.stage("Describe", len(source)) as advance:
        for one in map_ahead(look, source, threads=os.cpu_count() or 1, ahead=2 * BATCH):
            taken.add(one)
            if len(taken.waiting) == BATCH:
                taken.describe(describing)
            advance(1)
        taken.describe(describing)
    if len(taken.keys) < 2:  # noqa: PLR2004 — one to ask for, one to find
        raise TooFewImagesError(f"{source.uri} has {len(taken.keys)} pictures to evaluate on; there must be two.")
    hashes = [extractor.recipe_hash for extractor in extractors]
    return Sample(
        name="/".join(Path(source.uri).parts[-2:]),
        keys=list(taken.keys),
        descriptions=list(taken.keys.values()),
        histograms=np.stack(taken.histograms),
        features={
            recipe_hash: np.concatenate([block[number] for block in taken.features])
            for number, recipe_hash in enumerate(hashes)
        },
        left_out=taken.left_out,
        duplicates=taken.duplicates,
    )


def histogram_of(picture: Image.Image) -> NDArray[np.float32]:
    """Count a picture's colours in a small copy of it: (512,)."""
    small = picture.resize((HISTOGRAM_SIDE, HISTOGRAM_SIDE), Image.Resampling.BOX)
    return rgb_histogram(np.asarray(small, dtype=np.uint8))
