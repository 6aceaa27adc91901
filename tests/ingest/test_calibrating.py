"""What is calibrated on a collection, and what is then said of pictures."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select

from enfilade.confidence.augmentations import augment
from enfilade.confidence.strangers import draw_strangers
from enfilade.judges import Judges
from enfilade.queries.calibrations import load_calibration
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import Filters
from enfilade.queries.spaces import published_space, published_spaces
from enfilade.schema import calibration
from ingest.calibrating import calibrate
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.sources import open_source

MEMBERS = (5, 123, 300, 480, 700)


@pytest.fixture(scope="module")
def judges(home: Path) -> Judges:
    return Judges(home)


@pytest.mark.parametrize("kind", ["crop", "jpeg", "fade", "perspective", "frame"])
def test_a_member_that_comes_back_changed_is_found_first_and_most_are_told_to_be_here(
    demo_engine: Engine, judges: Judges, kind: str
) -> None:
    verdicts = []
    with demo_engine.connect() as connection:
        space = published_space(connection)
        for image_id, picture in load_thumbnails(connection, MEMBERS).items():
            judged = judges.judge(connection, space, augment(picture, kind, seed=7))
            assert judged.verdict is not None
            verdicts.append(judged.verdict.verdict)
            found = judged.nearest(connection, space, 5, Filters())
            assert found[0].image_id == image_id
            assert judged.worth(found)[0].same_work == pytest.approx(judged.verdict.same_work)
    assert verdicts.count("match") >= len(MEMBERS) - 1


def test_a_stranger_is_told_to_be_none(demo_engine: Engine, judges: Judges) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        for picture in list(draw_strangers(1, seed=99)):
            judged = judges.judge(connection, space, picture)
            assert judged.verdict is not None
            assert judged.verdict.verdict == "none"
            assert judged.verdict.kind < 0.5


def test_confidence_falls_with_the_angle(demo_engine: Engine, judges: Judges) -> None:
    with demo_engine.connect() as connection:
        for space in published_spaces(connection):
            picture = load_thumbnails(connection, [5])[5]
            judged = judges.judge(connection, space, picture)
            told = [one.confidence for one in judged.worth(judged.nearest(connection, space, 30, Filters()))]
            assert None not in told
            assert told == sorted(told, reverse=True)


def test_every_published_space_is_calibrated_once_and_alike_each_time(
    demo_engine: Engine, home: Path, reporter: Reporter
) -> None:
    with demo_engine.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(calibration))
        kept = {space.id: load_calibration(connection, space.id) for space in published_spaces(connection)}
    assert None not in kept.values()
    calibrate(demo_engine, home, reporter)
    with demo_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(calibration)) == before


def test_a_small_collection_promises_nothing(
    engine: Engine, gallery: Path, home: Path, reporter: Reporter, demo: str
) -> None:
    del demo
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    with engine.connect() as connection:
        space = published_space(connection)
        judged = Judges(home).judge(connection, space, Image.open(min(gallery.glob("*.jpg"))).convert("RGB"))
        assert judged.verdict is None
        found = judged.nearest(connection, space, 3, Filters())
        assert found[0].distance < 0.01
        assert judged.worth(found)[0].confidence is None
