"""What the demo collection promises, on a sample of its works."""

import csv
import io
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.studio import Work, catalogue, paint, paint_collection, painting
from ingest.studio.pendants import PENDANTS

WORKS = catalogue()
SAMPLE = tuple(WORKS[place] for place in range(0, len(WORKS), 26))


@pytest.fixture
def few_works(monkeypatch: pytest.MonkeyPatch) -> tuple[Work, ...]:
    few = SAMPLE[:5]
    monkeypatch.setattr(painting, "catalogue", lambda _seed: few)
    return few


@cache
def painted(work: Work) -> Image.Image:
    return paint(work)


def rows_of(manifest: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(manifest.read_text(encoding="utf-8"))))


def test_there_are_enough_hands_and_enough_works_of_each() -> None:
    counts = Counter(work.hand for work in WORKS)
    assert len(counts) >= 24
    assert min(counts.values()) >= 24
    assert len(WORKS) >= 640


def test_the_catalogue_is_the_same_every_time_and_another_for_another_seed() -> None:
    assert catalogue() == WORKS
    assert catalogue(seed=1) != WORKS


def test_no_two_works_share_a_file_nor_two_of_a_hand_a_title() -> None:
    assert len({work.file for work in WORKS}) == len(WORKS)
    assert len({(work.artist, work.title) for work in WORKS}) == len(WORKS)


def test_a_hand_is_one_artist_of_one_style() -> None:
    labels = {(work.hand, work.artist, work.style, work.genre) for work in WORKS}
    assert len(labels) == len({work.hand for work in WORKS}) == len({work.artist for work in WORKS})


def test_years_grow_with_drift_from_none_to_all_of_it() -> None:
    for hand in {work.hand for work in WORKS}:
        works = [work for work in WORKS if work.hand == hand]
        assert (works[0].drift, works[-1].drift) == (0, 1)
        assert all(before.drift < after.drift and before.year <= after.year for before, after in pairwise(works))
        assert 1870 <= works[0].year < works[-1].year <= 1999


@pytest.mark.parametrize("work", SAMPLE, ids=lambda work: work.hand)
def test_every_hand_paints_pictures_of_the_promised_size_that_are_not_empty(work: Work) -> None:
    picture = painted(work)
    assert picture.mode == "RGB"
    assert 400 <= max(picture.size) <= 512
    assert min(picture.size) >= 200
    assert np.asarray(picture).std() > 4


def test_rooms_are_joined_in_a_ring_by_works_of_two_hands() -> None:
    artists = list(dict.fromkeys(work.artist for work in WORKS))
    for artist, following in pairwise([*artists, artists[0]]):
        shared = [work for work in WORKS if work.artist == artist and work.title.endswith(f", with {following}")]
        assert len(shared) == len(PENDANTS)


@pytest.mark.parametrize("work", SAMPLE[::4], ids=lambda work: work.hand)
def test_the_same_seed_paints_the_same_pixels_and_another_seed_others(work: Work) -> None:
    assert paint(work).tobytes() == paint(work).tobytes()
    assert paint(work, seed=1).tobytes() != paint(work).tobytes()


def test_a_work_does_not_depend_on_what_was_painted_before_it() -> None:
    first, second = SAMPLE[12], SAMPLE[20]
    alone = paint(second).tobytes()
    paint(first)
    assert paint(second).tobytes() == alone


def test_no_two_works_are_alike_in_every_pixel() -> None:
    works = [work for work in WORKS if work.index in {0, 13}]
    assert len({painted(work).tobytes() for work in works}) == len(works)


def test_works_near_in_drift_look_more_alike_than_works_far_apart() -> None:
    def colours(work: Work) -> np.ndarray:
        mean: np.ndarray = np.asarray(painted(work), dtype=float).mean(axis=(0, 1))
        return mean

    nearer = 0
    hands = [work.hand for work in SAMPLE[::2]]
    for hand in hands:
        start, near, far = (next(w for w in WORKS if w.hand == hand and w.index == index) for index in (0, 1, 25))
        away = [np.linalg.norm(colours(start) - colours(work)) for work in (near, far)]
        nearer += bool(away[0] < away[1])
    assert nearer >= 0.75 * len(hands)


def test_the_manifest_names_every_work_with_its_truth(tmp_path: Path, few_works: tuple[Work, ...]) -> None:
    manifest = paint_collection(tmp_path / "demo", workers=1)
    rows = rows_of(manifest)
    columns = ["file", "title", "artist", "year", "style", "genre", "licence", "hand", "drift"]
    assert list(rows[0]) == columns
    assert [row["file"] for row in rows] == [work.file for work in few_works]
    assert {row["licence"] for row in rows} == {"CC0"}
    assert [float(row["drift"]) for row in rows] == [work.drift for work in few_works]
    assert {path.name for path in manifest.parent.iterdir()} == {manifest.name, *(row["file"] for row in rows)}


def test_an_interrupted_painting_resumes_and_ends_the_same(tmp_path: Path, few_works: tuple[Work, ...]) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    paint_collection(whole, workers=1)

    def interrupt() -> None:
        if len(list(broken.glob("*.jpg"))) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paint_collection(broken, workers=1, on_painted=interrupt)
    assert not (broken / "metadata.csv").exists()
    told: list[None] = []
    paint_collection(broken, workers=1, on_painted=lambda: told.append(None))
    assert len(told) == len(few_works)
    for path in whole.iterdir():
        assert (broken / path.name).read_bytes() == path.read_bytes()


def test_a_second_painting_changes_nothing(tmp_path: Path, few_works: tuple[Work, ...]) -> None:
    paint_collection(tmp_path, workers=1)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    paint_collection(tmp_path, workers=1)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert len(before) == len(few_works) + 1


def test_several_processes_paint_what_one_paints(tmp_path: Path, few_works: tuple[Work, ...]) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    paint_collection(one, workers=1)
    paint_collection(two, workers=2)
    for work in few_works:
        assert (one / work.file).read_bytes() == (two / work.file).read_bytes()


def test_a_file_holds_the_picture_and_nothing_else(tmp_path: Path, few_works: tuple[Work, ...]) -> None:
    paint_collection(tmp_path, workers=1)
    with Image.open(tmp_path / few_works[0].file) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_another_label_does_not_change_the_pixels() -> None:
    work = SAMPLE[3]
    assert paint(replace(work, title="Untitled")).tobytes() == paint(work).tobytes()
