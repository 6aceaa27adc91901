"""Paint works, one or the whole collection, into a folder with its manifest. Knows no hand by name."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from ingest.studio.brief import Brief
from ingest.studio.catalogue import SEED, Work, catalogue, seeded
from ingest.studio.hands import HANDS
from ingest.studio.paper import lay
from ingest.studio.pendants import PENDANTS, side_by_side

__all__ = ["COLUMNS", "MANIFEST", "paint", "paint_collection"]

MANIFEST = "metadata.csv"
COLUMNS = ("file", "title", "artist", "year", "style", "genre", "licence", "hand", "drift")
LICENCE = "CC0"
LONG_SIDES = (400, 512)

_HAND_BY_SLUG = {hand.slug: hand for hand in HANDS}


def paint(work: Work, seed: int = SEED) -> Image.Image:
    """Paint one work: RGB, its longer side 400 to 512 pixels. The same work and seed give the same pixels."""
    hand = _HAND_BY_SLUG[work.hand]
    rng = seeded(seed, work.hand, work.index)
    share = PENDANTS.get(work.index)
    longer = int(rng.integers(LONG_SIDES[0], LONG_SIDES[1] + 1))
    shape = float(rng.choice(hand.formats if share is None else (1.4, 1.5))) * float(rng.uniform(0.97, 1.03))
    width, height = (longer, round(longer / shape)) if shape > 1 else (round(longer * shape), longer)
    brief = Brief(width=width, height=height, drift=work.drift, rng=rng)
    if share is not None:
        return side_by_side(hand, brief, share)
    return lay(hand.paint(brief), hand.surface, rng)


def paint_collection(
    folder: Path,
    *,
    workers: int | None = None,
    on_painted: Callable[[], None] | None = None,
    seed: int = SEED,
) -> Path:
    """Paint what the folder lacks of the demo collection and return the path of its manifest.

    Works in up to as many processes as workers says (by default one for each core), or in this one alone when
    that is 1. on_painted is called once for each work, found or painted. Stopped at any point, a second call
    carries on; a folder that lacks nothing is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    works = catalogue(seed)
    missing = [work for work in works if not (folder / work.file).exists()]
    tell = on_painted or _say_nothing
    for _ in range(len(works) - len(missing)):
        tell()
    processes = min(workers or os.cpu_count() or 1, max(1, len(missing)))
    for _ in _each(partial(_paint_into, folder, seed), missing, processes):
        tell()
    manifest = folder / MANIFEST
    if missing or not manifest.exists():
        _write_manifest(manifest, works)
    return manifest


def _say_nothing() -> None:
    """Stand in where nobody asked to be told."""


def _each(task: Callable[[Work], None], works: list[Work], processes: int) -> Iterator[None]:
    if processes == 1:
        yield from map(task, works)
        return
    # Spawn: a fork of a process that holds threads (torch, OpenVINO) may hang.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(task, works, chunksize=4)


def _paint_into(folder: Path, seed: int, work: Work) -> None:
    with _whole(folder / work.file) as partial_file:
        paint(work, seed).save(partial_file, format="JPEG", quality=90, subsampling="4:4:4")


def _write_manifest(manifest: Path, works: Iterable[Work]) -> None:
    with _whole(manifest) as partial_file, partial_file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for work in works:
            label = (work.file, work.title, work.artist, work.year, work.style, work.genre)
            writer.writerow((*label, LICENCE, work.hand, f"{work.drift:.3f}"))


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a name to write under, and rename what was written: a file is there whole or not at all."""
    partial_file = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial_file
        partial_file.replace(path)
    finally:
        partial_file.unlink(missing_ok=True)
