"""What shows one work is found at ingest, stands once in results, and is never a step of a walk."""

import io
import shutil
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Connection, Engine, delete, select, text, update

from enfilade.confidence.augmentations import augment
from enfilade.database import open_database
from enfilade.queries.duplicates import all_groups, distinct, list_groups, works_of
from enfilade.queries.images import Filters
from enfilade.queries.neighbours import Neighbour, image_vector, nearest
from enfilade.queries.spaces import published_space
from enfilade.schema import duplicate, duplicate_pair, image, keypoint, occurrence
from enfilade.settings import Settings
from ingest.duplicates import _store as store
from ingest.duplicates import find_duplicates
from ingest.grouping import decide, forget
from ingest.pipeline import ingest, publish
from ingest.progress import Reporter
from ingest.removal import hide, show
from ingest.sources import open_source


@pytest.fixture(scope="session")
def reproduced(gallery: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 48 pictures, and of every fifth another reproduction: small, faded or cut, and compressed again."""
    folder = Path(shutil.copytree(gallery, tmp_path_factory.mktemp("reproduced") / "gallery"))
    (folder / "metadata.csv").unlink()
    for place, file in enumerate(sorted(folder.glob("*.jpg"))[::5]):
        reproduce(Image.open(file), place).save(folder / f"{file.stem}.again.png")
    return folder


def reproduce(picture: Image.Image, turn: int) -> Image.Image:
    width, height = picture.size
    match turn % 3:
        case 0:
            copy = picture.reduce(2)
        case 1:
            copy = augment(picture, "fade", turn)
        case _:
            copy = picture.crop((width // 25, height // 30, width, height - height // 40))
    compressed = io.BytesIO()
    copy.save(compressed, "JPEG", quality=60)
    return Image.open(compressed).convert("RGB")


@pytest.fixture
def collection(engine: Engine, reproduced: Path, home: Path, reporter: Reporter) -> Engine:
    """To be changed."""
    ingest(engine, open_source(reproduced), home, reporter)
    return engine


@pytest.fixture(scope="module")
def unchanged(make_database: Callable[[], str], reproduced: Path, home: Path) -> Iterator[Engine]:
    """The same collection, not to be changed."""
    from rich.console import Console  # noqa: PLC0415

    with open_database(Settings(home=home, database_url=make_database())) as engine:
        ingest(engine, open_source(reproduced), home, Reporter(Console(stderr=True, quiet=True)))
        yield engine


def grouped(connection: Connection) -> set[frozenset[str]]:
    """Give the groups as names of files, without what tells the reproductions of a picture apart."""
    places = connection.execute(select(occurrence.c.image_id, occurrence.c.source_uri))
    names = {row.image_id: row.source_uri for row in places}
    return {frozenset(Path(names[image_id]).name for image_id in group) for group in all_groups(connection)}


def expected(folder: Path) -> set[frozenset[str]]:
    copies = sorted(folder.glob("*.png"))
    return {frozenset({copy.name, copy.name.split(".")[0] + ".jpg"}) for copy in copies}


def test_every_reproduction_is_grouped_with_its_original_and_no_two_works_of_one_hand_are(
    unchanged: Engine, reproduced: Path
) -> None:
    with unchanged.connect() as connection:
        assert len(expected(reproduced)) == 10
        assert grouped(connection) == expected(reproduced)
        for group in list_groups(connection):
            assert group.probability is not None
            assert group.probability >= 0.8
            assert not group.decided


def test_results_show_each_work_once_and_are_as_many_as_were_asked_for(unchanged: Engine) -> None:
    with unchanged.connect() as connection:
        group = all_groups(connection)[0]
        space = published_space(connection)
        place = image_vector(connection, space, group[0])

        def find(count: int) -> list[Neighbour]:
            return nearest(connection, space, place, limit=count)

        found = distinct(connection, find, 20)
        assert len(found) == 20
        assert found[0] == Neighbour(group[0], 0.0, (group[1],))
        shown = [one.image_id for one in found]
        works = works_of(connection, shown)
        assert not any(other in shown for one in shown for other in works.get(one, ()) if other != one)
        assert len(distinct(connection, find, 1000)) == 48
        assert len(distinct(connection, find, 1000, without=group[:1])) == 47
        every = distinct(connection, find, 1000, duplicates=True)
        assert len(every) == 58
        assert sum(len(one.duplicates) for one in every) == 20


def test_a_second_ingest_compares_nothing_again_and_a_new_picture_alone(
    collection: Engine, reproduced: Path, home: Path, reporter: Reporter, tmp_path: Path
) -> None:
    def written(connection: Connection) -> list[tuple[object, ...]]:
        query = "SELECT source, target, xmin::text FROM enfilade.duplicate_pair ORDER BY 1, 2"
        return [tuple(row) for row in connection.execute(text(query))]

    with collection.connect() as connection:
        before = written(connection)
    ingest(collection, open_source(reproduced), home, reporter)
    with collection.connect() as connection:
        assert written(connection) == before
    late = tmp_path / "late"
    late.mkdir()
    original = sorted(reproduced.glob("*.jpg"))[1]
    augment(Image.open(original), "crop", 1).save(late / "late.png")
    ingest(collection, open_source(late), home, reporter)
    with collection.connect() as connection:
        assert set(before) < set(written(connection))
        assert grouped(connection) == expected(reproduced) | {frozenset({"late.png", original.name})}


def test_a_run_that_was_interrupted_ends_where_a_whole_one_does(
    collection: Engine, reproduced: Path, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collection.begin() as connection:
        connection.execute(delete(duplicate_pair))
        connection.execute(delete(duplicate))
        connection.execute(update(keypoint).values(compared=None))
    monkeypatch.setattr("ingest.duplicates.BATCH", 20)
    with monkeypatch.context() as patch:
        turns = count()

        def interrupted(*rows: Any) -> None:  # noqa: ANN401
            if next(turns):
                raise KeyboardInterrupt
            store(*rows)

        patch.setattr("ingest.duplicates._store", interrupted)
        with pytest.raises(KeyboardInterrupt):
            find_duplicates(collection, reporter)
    with collection.connect() as connection:
        compared = select(keypoint.c.image_id).where(keypoint.c.compared.is_not(None))
        assert len(connection.scalars(compared).all()) == 20
    find_duplicates(collection, reporter)
    with collection.connect() as connection:
        assert grouped(connection) == expected(reproduced)


def test_what_was_split_or_joined_stays_so_until_it_is_forgotten(
    collection: Engine, reproduced: Path, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        groups = all_groups(connection)
        split, alone = groups[0], [group[0] for group in groups[1:3]]
        decide(connection, split, one_work=False)
        decide(connection, alone, one_work=True)
    wanted = [*sorted([tuple(sorted(groups[1] + groups[2]))]), *groups[3:]]
    with collection.begin() as connection:
        assert all_groups(connection) == wanted
        connection.execute(update(keypoint).values(compared=None))
    ingest(collection, open_source(reproduced), home, reporter)
    with collection.begin() as connection:
        assert all_groups(connection) == wanted
        assert [group.decided for group in list_groups(connection)] == [True, *[False] * 7]
        assert forget(connection, [*split, *alone]) == 2
        assert all_groups(connection) == groups
        assert forget(connection, [*split, *alone]) == 0


def test_a_removed_picture_leaves_its_group_and_comes_back_to_it(
    collection: Engine, reproduced: Path, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        group = all_groups(connection)[0]
        hide(connection, group[:1])
        assert group not in all_groups(connection)
        assert works_of(connection, group) == {}
    publish(collection, home, reporter)
    with collection.begin() as connection:
        assert len(all_groups(connection)) == 9
        show(connection, group[:1])
    publish(collection, home, reporter)
    with collection.begin() as connection:
        assert grouped(connection) == expected(reproduced)
        connection.execute(delete(image).where(image.c.id == group[0]))
        assert len(all_groups(connection)) == 9


def test_no_step_of_a_walk_leads_from_a_picture_to_another_of_the_same_work(unchanged: Engine, home: Path) -> None:
    from enfilade.commands.walking import walk  # noqa: PLC0415
    from enfilade.queries.paths import Question  # noqa: PLC0415

    with unchanged.connect() as connection:
        groups = all_groups(connection)
        works = {image_id: number for number, group in enumerate(groups) for image_id in group}
        ends = [group[0] for group in groups[:4]] + [1, 48]
        for mode in ("shortest", "smooth", "even"):
            for source, target in pairwise(ends):
                walked = walk(connection, home, Question(source, target, mode, alternatives=3))
                for path in walked.paths:
                    on_path = [works[one] for one in path.images if one in works]
                    assert len(on_path) == len(set(on_path))
        one, other = groups[0]
        assert walk(connection, home, Question(one, other)).paths[0].images == (one, other)
        by_way = walk(connection, home, Question(one, groups[1][0], via=(other,))).paths[0].images
        assert {one, other} <= set(by_way)


def test_a_walk_comes_by_duplicates_where_nothing_else_joins_its_ends(collection: Engine, home: Path) -> None:
    from enfilade.commands.walking import walk  # noqa: PLC0415
    from enfilade.queries.paths import Question  # noqa: PLC0415

    with collection.begin() as connection:
        joined = """
            SELECT a.image_id, b.image_id FROM enfilade.duplicate AS a JOIN enfilade.duplicate AS b USING (group_id)
            JOIN enfilade.link AS l ON l.image_id = a.image_id AND l.neighbour_id = b.image_id
        """
        one, other = connection.execute(text(joined)).first() or (0, 0)
        end = next(image_id for image_id in range(1, 59) if image_id not in {one, other})
        others = "DELETE FROM enfilade.edge WHERE :one IN (source, target) AND :other NOT IN (source, target)"
        connection.execute(text(others), {"one": one, "other": other})
        walked = walk(connection, home, Question(one, end))
        assert walked.paths[0].images[:2] == (one, other)


def test_a_filter_lets_the_other_reproduction_through(collection: Engine, home: Path) -> None:
    from enfilade.commands.walking import walk  # noqa: PLC0415
    from enfilade.queries.paths import Question  # noqa: PLC0415

    with collection.begin() as connection:
        firsts = [group[0] for group in all_groups(connection)]
        connection.execute(update(image).values(genre="shown"))
        connection.execute(update(image).where(image.c.id.in_(firsts)).values(genre="other"))
        shown = set(connection.scalars(select(image.c.id).where(image.c.genre == "shown")))
        walked = walk(connection, home, Question(2, 47, filters=Filters(genre="shown")))
        assert set(walked.paths[0].images[1:-1]) <= shown


def test_a_search_by_a_reproduction_finds_its_work_once(unchanged: Engine, reproduced: Path, home: Path) -> None:
    from enfilade.embedder import Embedder  # noqa: PLC0415
    from enfilade.queries.spaces import load_placer  # noqa: PLC0415

    file = min(reproduced.glob("*.png"))
    brought = io.BytesIO()
    augment(Image.open(file), "brighten", 3).save(brought, "JPEG")
    with unchanged.connect() as connection:
        space = published_space(connection)
        place = Embedder(space, load_placer(connection, space), home).embed(brought.getvalue())
        found = distinct(connection, lambda count: nearest(connection, space, place, limit=count), 5)
        assert len(found[0].duplicates) == 1
        assert not {other for one in found for other in one.duplicates} & {one.image_id for one in found}
