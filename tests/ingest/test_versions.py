"""A space's versions change in one switch, the old one can be brought back, and nothing stale is read."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, select, text

from enfilade.commands.walking import walk
from enfilade.comparing import compare_places
from enfilade.embedder import Embedder
from enfilade.errors import SpaceRecipeError, SpaceVersionError, TooFewImagesError, UnknownSpaceError
from enfilade.queries.builds import find_build
from enfilade.queries.neighbours import nearest, neighbours
from enfilade.queries.paths import Question
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import load_placer, published_graphs, published_space, published_spaces
from enfilade.queries.versions import find_version, list_versions, places_in_both
from enfilade.schema import current, extractor, feature
from enfilade.spaces import DEFAULT_RECIPES, Space, recall_recipe
from ingest.designing import Wish, design
from ingest.pipeline import Report, ingest, publish
from ingest.progress import Reporter
from ingest.sources import open_source
from ingest.versions import bring_back, retire, set_default

Take = Callable[..., Report]


@pytest.fixture
def take(engine: Engine, home: Path, reporter: Reporter) -> Take:
    def run(path: Path, **options: Any) -> Report:  # noqa: ANN401 — as ingest takes them
        return ingest(engine, open_source(path), home, reporter, **options)

    return run


@pytest.fixture
def build(engine: Engine, home: Path, reporter: Reporter) -> Callable[..., None]:
    def run(name: str, **words: Any) -> None:  # noqa: ANN401 — as Wish takes them
        publish(engine, home, reporter, recipes=[design(name, Wish(**words), home)], anew=True)

    return run


@pytest.fixture
def gallery_in_two(gallery: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The gallery's pictures in two folders, six in the second."""
    folders = tmp_path / "early", tmp_path / "late"
    for number, file in enumerate(sorted(gallery.glob("*.jpg"))):
        folder = folders[number < 6]
        folder.mkdir(exist_ok=True)
        shutil.copy(file, folder)
    return folders


@pytest.fixture
def back(engine: Engine, home: Path, reporter: Reporter) -> Callable[..., Space]:
    def run(name: str, version: int | None = None) -> Space:
        return bring_back(engine, home, reporter, name, version)

    return run


def test_an_ingest_publishes_four_spaces_of_which_kinship_is_the_default(
    engine: Engine, take: Take, gallery: Path
) -> None:
    take(gallery)
    with engine.connect() as connection:
        assert [space.name for space in published_spaces(connection)] == ["kinship", "colour", "content", "style"]
        assert connection.scalars(select(current.c.space_name).where(current.c.is_default)).all() == ["kinship"]


def test_readers_are_served_while_a_second_version_is_built_and_see_one_switch(
    engine: Engine, take: Take, build: Callable[..., None], gallery: Path
) -> None:
    take(gallery)
    done, seen, failures = threading.Event(), [], []

    def read() -> None:
        while not done.is_set():
            try:
                with engine.connect() as connection:
                    space = published_space(connection, "style")
                    found = neighbours(connection, space, 1, limit=5)
                    seen.append((space.version, len(found)))
            except Exception as error:  # noqa: BLE001 — whatever goes wrong is what the test is about
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        build("style", sketch=512)
    finally:
        done.set()
        reader.join()
    assert not failures
    versions = [version for version, count in seen if count == 5]
    assert len(versions) == len(seen)
    assert versions == sorted(versions)
    with engine.connect() as connection:
        assert published_space(connection, "style").version == 2
        assert not any(count_broken(connection).values())


def test_the_old_version_can_be_brought_back_with_the_images_that_came_since(
    engine: Engine,
    back: Callable[..., Space],
    take: Take,
    build: Callable[..., None],
    gallery_in_two: tuple[Path, Path],
) -> None:
    early, late = gallery_in_two
    take(early)
    with engine.connect() as connection:
        first = published_space(connection, "colour")
    build("colour", dimensions=8)
    take(late)
    assert back("colour").id == first.id
    with engine.connect() as connection:
        assert published_space(connection, "colour").id == first.id
        graphs = {graph.space_name: graph.images for graph in published_graphs(connection)}
        assert graphs["colour"] == 48
        assert not any(count_broken(connection).values())
        assert [one.status for one in list_versions(connection, "colour")] == ["retired", "published"]


def test_the_version_that_was_retired_last_is_the_one_that_is_kept(
    engine: Engine, back: Callable[..., Space], take: Take, build: Callable[..., None], gallery: Path
) -> None:
    take(gallery)
    build("colour", dimensions=8)
    back("colour", 1)
    build("colour", dimensions=9)
    build("colour", dimensions=10)
    with engine.connect() as connection:
        # The last but one is there for the links over its graph.
        assert [one.space.version for one in list_versions(connection, "colour")] == [4, 3, 1]
        with pytest.raises(SpaceVersionError, match=r"Version 2 of the space 'colour' is not kept. There is: 4, 3, 1"):
            find_version(connection, "colour", 2)


def test_a_kept_graph_keeps_its_space(
    engine: Engine, take: Take, build: Callable[..., None], gallery: Path, home: Path
) -> None:
    take(gallery)
    with engine.connect() as connection:
        first = find_build(connection, space_name="colour").id
    build("colour", dimensions=8)
    build("colour", dimensions=9)
    with engine.connect() as connection:
        walked = walk(connection, home, Question(1, 48, "even"), graph=first)
        assert walked.paths[0].distances


def test_a_retired_space_stays_retired_until_it_is_brought_back(
    engine: Engine, back: Callable[..., Space], take: Take, gallery: Path
) -> None:
    take(gallery)
    with engine.begin() as connection:
        retire(connection, "colour")
    take(gallery)
    with engine.connect() as connection:
        with pytest.raises(UnknownSpaceError):
            published_space(connection, "colour")
        assert not any(count_broken(connection).values())
    back("colour")
    with engine.connect() as connection:
        assert published_space(connection, "colour").version == 1
        with pytest.raises(SpaceVersionError, match="no retired version"):
            back("colour")


def test_the_default_space_is_one_and_is_not_retired(engine: Engine, take: Take, gallery: Path) -> None:
    take(gallery)
    with engine.begin() as connection:
        set_default(connection, "colour")
        assert published_space(connection).name == "colour"
        with pytest.raises(SpaceVersionError, match="default"):
            retire(connection, "colour")
        retire(connection, "kinship")
        with pytest.raises(UnknownSpaceError):
            set_default(connection, "kinship")


def test_features_that_no_space_is_made_of_are_forgotten(
    engine: Engine, take: Take, build: Callable[..., None], gallery: Path
) -> None:
    take(gallery)
    build("rough", kind="style", sketch=512)
    for sketch in (600, 700, 800):
        build("rough", kind="style", sketch=sketch)
    with engine.connect() as connection:
        kept = connection.scalars(
            select(extractor.c.dimensions).where(
                select(feature).where(feature.c.extractor_id == extractor.c.id).exists()
            )
        )
        assert sorted(kept) == [600, 700, 800, 968, 1280, 4096]


def test_an_upload_is_placed_by_the_version_that_is_published(
    engine: Engine, home: Path, take: Take, build: Callable[..., None], gallery: Path
) -> None:
    take(gallery)
    build("style", sketch=512)
    file = min(gallery.glob("*.jpg"))
    with engine.connect() as connection:
        for space in published_spaces(connection):
            place = Embedder(space, load_placer(connection, space), home).embed(file.read_bytes())
            found = nearest(connection, space, place, limit=1)[0]
            sources = text("SELECT source_uri FROM enfilade.occurrence WHERE image_id = :id")
            assert connection.scalar(sources, {"id": found.image_id}) == str(file)
            assert found.distance < 0.01


def test_networks_recalled_twice_are_one(home: Path) -> None:
    published = DEFAULT_RECIPES[0].as_dict()
    encoders = {part.encoder for _ in range(2) for part in recall_recipe("kinship", published, home).extractors}
    assert len(encoders) == 1


def test_what_can_not_be_done_with_a_version_is_told(
    engine: Engine, back: Callable[..., Space], take: Take, gallery: Path
) -> None:
    take(gallery)
    with pytest.raises(SpaceVersionError, match="is the one that is published"):
        back("colour", 1)
    with pytest.raises(TooFewImagesError, match="1 images in common"):
        compare_places(np.eye(1, 4, dtype=np.float32), np.eye(1, 4, dtype=np.float32))
    with engine.connect() as connection:
        assert not any(count_broken(connection).values())


def test_a_space_agrees_with_itself_and_less_with_another(engine: Engine, take: Take, gallery: Path) -> None:
    take(gallery)
    with engine.connect() as connection:
        content, colour = published_space(connection, "content"), published_space(connection, "colour")
        ids, ours, theirs = places_in_both(connection, content, colour)
    assert ours.shape == (48, content.dimensions)
    assert theirs.shape == (48, colour.dimensions)
    assert sorted(ids) == ids.tolist()


@pytest.mark.parametrize(
    ("name", "words", "complaint"),
    [
        ("mine", {}, "no kind of likeness"),
        ("colour", {"backbone": "efficientnet_lite0"}, "without a network"),
        ("content", {"sketch": 512}, "Only style"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(home: Path, name: str, words: dict[str, Any], complaint: str) -> None:
    with pytest.raises(SpaceRecipeError, match=complaint):
        design(name, Wish(**words), home)


def test_the_command_builds_lists_compares_and_undoes(
    database: str, enfilade: Callable[..., Any], gallery: Path
) -> None:
    def run(*arguments: str, **options: Any) -> Any:  # noqa: ANN401 — a completed process
        return enfilade(*arguments, DATABASE_URL=database, **options)

    run("ingest", gallery / "metadata.csv")
    assert "version 2: 12 dimensions" in run("spaces", "build", "colour", "--dimensions", "12", "--default").stderr
    listed = json.loads(run("spaces", "--json").stdout)
    assert [(one["name"], one["version"], one["status"]) for one in listed[:2]] == [
        ("colour", 2, "published"),
        ("colour", 1, "retired"),
    ]
    assert listed[0]["is_default"]
    compared = json.loads(run("spaces", "compare", "colour@1", "colour", "--json").stdout)
    assert 0.3 < compared["overlap"] < 1
    assert "share" in run("spaces", "compare", "content", "style").stdout
    run("spaces", "default", "kinship")
    run("spaces", "bring-back", "colour")
    assert "version 1 is retired" in run("spaces", "retire", "colour").stderr
    assert "colour" in run("spaces").stdout
    refused = run("spaces", "retire", "kinship", check=False)
    assert (refused.returncode, "default" in refused.stderr) == (1, True)
    assert run("spaces", "build", "No Name", check=False).returncode == 2
