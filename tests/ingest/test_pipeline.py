"""An ingest takes every picture once, resumes, and publishes a graph in which every pair has a path."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import Connection, Engine, select, text

from enfilade.paths import count_components, shortest_path
from enfilade.queries.collection import get_collection
from enfilade.queries.graphs import load_graph
from enfilade.queries.images import Filters
from enfilade.queries.neighbours import image_vector, nearest
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import published_graphs, published_space
from enfilade.schema import current, graph, image, occurrence, rejection, space
from enfilade.spaces import DEFAULT_RECIPES
from ingest.pipeline import Report, ingest
from ingest.progress import Reporter
from ingest.sources import open_source

Take = Callable[..., Report]


@pytest.fixture
def folder(gallery: Path, tmp_path: Path) -> Path:
    """The gallery, to be changed."""
    return Path(shutil.copytree(gallery, tmp_path / "gallery"))


@pytest.fixture
def take(engine: Engine, home: Path, reporter: Reporter) -> Take:
    def run(path: Path, **options: Any) -> Report:  # noqa: ANN401 — as ingest takes them
        return ingest(engine, open_source(path), home, reporter, **options)

    return run


def test_a_first_ingest_takes_every_picture_and_joins_them(engine: Engine, take: Take, gallery: Path) -> None:
    report = take(gallery / "metadata.csv")
    assert report.counts.as_dict() == {
        "rows": 48, "added": 48, "duplicates": 0, "unchanged": 0, "updated": 0, "rejected": 0,
    }  # fmt: skip
    assert report.graph
    with engine.connect() as connection:
        loaded = load_graph(connection, report.graph.id)
        assert count_components(loaded) == 1
        for source, target in combinations(loaded.ids[::6].tolist(), 2):
            assert shortest_path(loaded, source, target).length > 0
        assert not any(count_broken(connection).values())
        published = published_graphs(connection)
        assert [one.space_name for one in published] == ["kinship", "colour", "content", "style"]
        assert {(one.images, one.recall, one.k) for one in published} == {(48, 1.0, 10)}


def test_a_second_ingest_changes_nothing(take: Take, gallery: Path) -> None:
    first = take(gallery / "metadata.csv")
    second = take(gallery / "metadata.csv")
    assert second.counts.unchanged == second.counts.rows == 48
    assert second.graphs == first.graphs


def test_new_pictures_are_projected_and_join_the_graph(
    engine: Engine, take: Take, folder: Path, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    late.mkdir()
    for file in sorted(folder.glob("*.jpg"))[:5]:
        shutil.move(file, late / file.name)
    take(folder)
    with engine.connect() as connection:
        version = published_space(connection).version
    report = take(late)
    assert (report.counts.added, report.graph and report.graph.images) == (5, 48)
    with engine.connect() as connection:
        # 43 images could not give 128 dimensions, so the space was fitted again; see bring_space_up_to_date.
        assert published_space(connection).version == version + 1
        assert not any(count_broken(connection).values())


def test_a_space_with_all_its_dimensions_is_not_fitted_again(engine: Engine, take: Take, folder: Path) -> None:
    small = (replace(DEFAULT_RECIPES[0], dimensions=16),)
    late = max(folder.glob("*.jpg"))
    hidden = late.rename(late.with_suffix(".later"))
    take(folder, recipes=small)
    with engine.connect() as connection:
        before = published_space(connection)
    hidden.rename(late)
    take(folder, recipes=small)
    with engine.connect() as connection:
        after = published_space(connection)
        assert (after.id, after.fitted_on) == (before.id, 47)
        assert not any(count_broken(connection).values())


def test_an_exact_duplicate_is_one_image_with_two_places(engine: Engine, take: Take, folder: Path) -> None:
    file = min(folder.glob("*.jpg"))
    shutil.copy(file, folder / "again.jpg")
    report = take(folder)
    assert (report.counts.added, report.counts.duplicates) == (48, 1)
    with engine.connect() as connection:
        places = connection.scalars(select(occurrence.c.source_uri).where(occurrence.c.source_uri.like("%again.jpg")))
        assert places.one()
    assert take(folder).counts.unchanged == 49


def test_a_row_given_twice_is_counted_as_a_duplicate_and_stays_stable(take: Take, folder: Path) -> None:
    manifest = folder / "metadata.csv"
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join([*lines, lines[1].replace("19", "18")]) + "\n")
    for outcome in ("added", "unchanged"):
        counts = take(manifest).counts
        assert (getattr(counts, outcome), counts.duplicates, counts.updated) == (48, 1, 0)


def test_changed_metadata_updates_its_image_alone(engine: Engine, take: Take, folder: Path) -> None:
    manifest = folder / "metadata.csv"
    take(manifest)
    rows = list(csv.DictReader(manifest.read_text(encoding="utf-8").splitlines()))
    rows[3]["title"] = "A New Title"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    counts = take(manifest).counts
    assert (counts.updated, counts.unchanged) == (1, 47)
    with engine.connect() as connection:
        assert len(connection.scalars(select(image.c.id).where(image.c.title == "A New Title")).all()) == 1


def test_a_folder_takes_no_titles_back(engine: Engine, take: Take, folder: Path) -> None:
    take(folder / "metadata.csv")
    assert take(folder).counts.unchanged == 48
    with engine.connect() as connection:
        assert connection.scalars(select(image.c.id).where(image.c.title.is_(None))).all() == []


def test_a_changed_file_replaces_its_picture_and_can_become_again_what_it_was(
    engine: Engine, take: Take, folder: Path
) -> None:
    take(folder)
    file = min(folder.glob("*.jpg"))
    before = file.read_bytes()
    Image.open(file).transpose(Image.Transpose.ROTATE_90).save(file)
    for content in (None, before):
        if content:
            file.write_bytes(content)
        counts = take(folder).counts
        assert (counts.updated, counts.unchanged) == (1, 47)
        with engine.connect() as connection:
            found = get_collection(connection)
            assert (found.images, found.hidden) == (48, 1)
            assert not any(count_broken(connection).values())


def test_a_copy_with_words_describes_what_a_folder_left_without(engine: Engine, take: Take, folder: Path) -> None:
    copies = folder.parent / "copies"
    copies.mkdir()
    for file in folder.glob("*.jpg"):
        shutil.copy(file, copies)
    take(copies)
    assert take(folder / "metadata.csv").counts.duplicates == 48
    with engine.connect() as connection:
        assert connection.scalars(select(image.c.id).where(image.c.title.is_(None))).all() == []


def test_attributes_are_found_as_text_and_as_numbers(engine: Engine, take: Take, folder: Path) -> None:
    files = sorted(folder.glob("*.jpg"))[:3]
    rooms = ["4", 4, 5]
    lines = [json.dumps({"file": file.name, "room": room}) for file, room in zip(files, rooms, strict=True)]
    (folder / "rooms.jsonl").write_text("\n".join(lines))
    take(folder / "rooms.jsonl")
    with engine.connect() as connection:
        space = published_space(connection)
        place = image_vector(connection, space, 1)
        assert len(nearest(connection, space, place, filters=Filters(attributes={"room": "4"}))) == 2


def test_a_reader_who_stays_in_a_transaction_delays_only_the_tidying(
    engine: Engine, take: Take, gallery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.retention.PATIENCE_SECONDS", 1)
    for k in (3, 4, 5):
        take(gallery, k=k)
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM enfilade.edge"))
        assert take(gallery, k=6).graph
    take(gallery, k=7)
    with engine.connect() as connection:
        assert _statuses(connection) == ["dropped", "dropped", "retired", "retired", "published"]


def test_refusals_are_kept_with_their_reason_until_the_file_is_mended(engine: Engine, take: Take, folder: Path) -> None:
    good = min(folder.glob("*.jpg")).read_bytes()
    broken = folder / "broken.jpg"
    broken.write_bytes(good[: len(good) // 2])
    (folder / "empty.png").touch()
    report = take(folder)
    assert report.counts.rejected == 2
    assert {refusal.reason for _, refusal in report.counts.refusals} == {"truncated", "empty_file"}
    broken.write_bytes(good + b"mended")
    assert take(folder).counts.rejected == 1
    (folder / "empty.png").unlink()
    assert take(folder).counts.unchanged == 49
    with engine.connect() as connection:
        assert connection.scalars(select(rejection.c.reason)).all() == []


def test_vanished_files_are_told_and_kept(engine: Engine, take: Take, folder: Path) -> None:
    take(folder)
    for file in sorted(folder.glob("*.jpg"))[:3]:
        file.unlink()
    report = take(folder)
    assert report.vanished == 3
    with engine.connect() as connection:
        assert get_collection(connection).images == 48


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_smallest_collections_work(engine: Engine, take: Take, folder: Path, tmp_path: Path, count: int) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for file in sorted(folder.glob("*.jpg"))[:count]:
        shutil.copy(file, few)
    report = take(few)
    assert report.counts.added == count
    assert (report.graph.images if report.graph else 0) == count
    with engine.connect() as connection:
        assert not any(count_broken(connection).values())


def test_originals_are_kept_when_asked(engine: Engine, take: Take, gallery: Path) -> None:
    take(gallery, keep_originals=True)
    with engine.connect() as connection:
        differing = connection.execute(
            text(
                "SELECT count(*) FROM enfilade.image AS i LEFT JOIN enfilade.rendition AS r"
                " ON r.image_id = i.id AND r.kind = 'original' WHERE sha256(r.bytes) IS DISTINCT FROM i.sha256"
            )
        )
        assert differing.scalar() == 0


def test_another_k_builds_another_graph_and_old_graphs_go_in_time(engine: Engine, take: Take, gallery: Path) -> None:
    for k in (10, 3, 4, 5, 6):
        take(gallery, k=k)
    again = take(gallery)  # without one, k stays what it was
    with engine.connect() as connection:
        assert {published.k for published in published_graphs(connection)} == {6}
    assert again.counts.unchanged == 48
    with engine.connect() as connection:
        assert _statuses(connection) == ["dropped", "dropped", "retired", "retired", "published"]
        attached = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'enfilade.edge'::regclass"
        assert connection.scalar(text(attached)) == 3 * len(DEFAULT_RECIPES)


def _statuses(connection: Connection) -> list[str]:
    """Tell what became of the graphs of one of the spaces, in the order they were built."""
    query = select(graph.c.status).join(space).where(space.c.name == "style").order_by(graph.c.id)
    return list(connection.scalars(query))


def test_features_that_are_missing_are_made_again_to_the_bit(engine: Engine, take: Take, gallery: Path) -> None:
    take(gallery)

    def features(connection: Connection) -> list[Any]:
        return connection.execute(
            text("SELECT extractor_id, image_id, vector::text FROM enfilade.feature ORDER BY 1, 2")
        ).all()  # type: ignore[return-value]

    with engine.begin() as connection:
        before = features(connection)
        connection.execute(text("DELETE FROM enfilade.feature WHERE (image_id + extractor_id) % 3 = 0"))
        assert len(features(connection)) < len(before)
    take(gallery)
    with engine.connect() as connection:
        assert features(connection) == before


def test_a_new_recipe_makes_a_new_version_and_nothing_stale_is_read(engine: Engine, take: Take, gallery: Path) -> None:
    take(gallery)
    half = (replace(DEFAULT_RECIPES[0], whitening=0.5),)
    report = take(gallery, recipes=half)
    with engine.connect() as connection:
        changed = published_space(connection)
        assert (changed.version, changed.recipe["projection"]["whitening"]) == (2, 0.5)
        assert report.graph
        published = select(current.c.graph_id).where(current.c.is_default)
        assert connection.scalar(published) == report.graph.id
        assert not any(count_broken(connection).values())
    # What is published keeps its recipe, also where the default one is another.
    take(gallery)
    with engine.connect() as connection:
        assert published_space(connection) == changed


def test_the_report_is_what_json_prints(take: Take, gallery: Path) -> None:
    report = json.loads(json.dumps(take(gallery).as_dict()))
    assert report["rows"] == sum(report[name] for name in ("added", "duplicates", "unchanged", "updated", "rejected"))
    assert report["graph"]["components"] == 1
    assert np.isfinite([report["images_per_second"], report["seconds"]]).all()
