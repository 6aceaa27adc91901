"""Every picture that is shown has its keypoints, found once, however often the run was interrupted."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, select, text, update

from enfilade.confidence import find_keypoints
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import count_images
from enfilade.queries.keypoints import load_keypoints
from enfilade.schema import image, keypoint
from ingest import keypoints as stage
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.removal import hide, show
from ingest.sources import open_source

Take = Callable[[], Any]


@pytest.fixture
def take(engine: Engine, gallery: Path, home: Path, reporter: Reporter) -> Take:
    return lambda: ingest(engine, open_source(gallery), home, reporter)


def stored(connection: Connection) -> list[tuple[Any, ...]]:
    """Give the rows, with what tells whether they were written again."""
    query = "SELECT image_id, method, data, xmin::text FROM enfilade.keypoint ORDER BY 1"
    return [tuple(row) for row in connection.execute(text(query))]


def test_every_picture_has_the_keypoints_of_its_thumbnail_and_a_second_ingest_adds_none(
    engine: Engine, take: Take
) -> None:
    take()
    with engine.connect() as connection:
        first = stored(connection)
        assert len(first) == count_images(connection) == 48
        loaded = load_keypoints(connection, [5, 6, 999])
        assert loaded.keys() == {5, 6}
        for image_id, thumbnail in load_thumbnails(connection, [5, 6]).items():
            assert loaded[image_id].to_bytes() == find_keypoints(thumbnail).to_bytes()
    take()
    with engine.connect() as connection:
        assert stored(connection) == first


def test_a_run_that_was_interrupted_ends_where_a_whole_one_does(
    engine: Engine, take: Take, reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    take()
    with engine.begin() as connection:
        whole = [row[:3] for row in stored(connection)]
        connection.execute(delete(keypoint))
    monkeypatch.setattr(stage, "BATCH", 10)
    turns, whole_one = count(), stage._written

    def interrupted(thumbnail: bytes) -> bytes:
        if next(turns) >= 25:
            raise KeyboardInterrupt
        return whole_one(thumbnail)

    with monkeypatch.context() as patch:
        patch.setattr(stage, "_written", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stage.find_missing_keypoints(engine, reporter)
    with engine.connect() as connection:
        assert len(stored(connection)) == 20
    take()
    with engine.connect() as connection:
        assert [row[:3] for row in stored(connection)] == whole


def test_keypoints_of_another_method_are_found_anew_and_serve_nobody_before(engine: Engine, take: Take) -> None:
    take()
    with engine.begin() as connection:
        before = load_keypoints(connection, [7])[7].to_bytes()
        connection.execute(update(keypoint).where(keypoint.c.image_id == 7).values(method=0, data=b""))
        assert load_keypoints(connection, [7]) == {}
    take()
    with engine.connect() as connection:
        assert load_keypoints(connection, [7])[7].to_bytes() == before


def test_a_hidden_picture_waits_and_a_deleted_one_takes_its_keypoints_along(engine: Engine, take: Take) -> None:
    take()
    with engine.begin() as connection:
        hide(connection, [3])
        connection.execute(delete(keypoint).where(keypoint.c.image_id == 3))
    take()
    with engine.begin() as connection:
        assert load_keypoints(connection, [3]) == {}
        show(connection, [3])
    take()
    with engine.begin() as connection:
        assert load_keypoints(connection, [3]).keys() == {3}
        connection.execute(delete(image).where(image.c.id == 3))
        assert connection.scalar(select(keypoint.c.image_id).where(keypoint.c.image_id == 3)) is None
