"""What is calibrated on a collection, and what is then said of pictures."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine, func, select

from enfilade.confidence.alike import NEAREST
from enfilade.confidence.augmentations import augment
from enfilade.confidence.strangers import draw_strangers
from enfilade.images import Brought
from enfilade.judges import Judges
from enfilade.queries.calibrations import latest_calibration, load_calibration, store_calibration
from enfilade.queries.evidence import witness_spaces
from enfilade.queries.files import load_thumbnails
from enfilade.queries.images import Filters, find_images
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
        for image_id, picture in load_thumbnails(connection, MEMBERS).items():
            judged = judges.judge(connection, Brought(augment(picture, kind, seed=7)))
            found = judged.find(connection, 5, Filters(), duplicates=True)
            verdict = judged.verdict_on(found)
            assert verdict is not None
            verdicts.append(verdict.verdict)
            assert found[0].image_id == image_id
            assert judged.worth(connection, found)[0].same_work == pytest.approx(verdict.same_work)
    assert verdicts.count("match") >= len(MEMBERS) - 1


def test_a_stranger_is_told_to_be_none(demo_engine: Engine, judges: Judges) -> None:
    with demo_engine.connect() as connection:
        for picture in list(draw_strangers(1, seed=99)):
            verdict = judges.judge(connection, Brought(picture)).verdict_on([])
            assert verdict is not None
            assert verdict.verdict == "none"
            assert verdict.kind < 0.5


def test_of_results_that_share_a_label_the_nearer_are_told_to_be_alike_with_more_confidence(
    demo_engine: Engine, judges: Judges
) -> None:
    with demo_engine.connect() as connection:
        for space in published_spaces(connection):
            picture = load_thumbnails(connection, [5])[5]
            judged = judges.judge(connection, Brought(picture), space.name)
            found = judged.find(connection, NEAREST, Filters(), duplicates=True)
            styles = {one.id: one.style for one in find_images(connection, [hit.image_id for hit in found]).values()}
            told: dict[str | None, list[float | None]] = {}
            for hit, worth in zip(found, judged.worth(connection, found), strict=True):
                told.setdefault(styles[hit.image_id], []).append(worth.confidence)
            assert all(None not in some and some == sorted(some, reverse=True) for some in told.values())
            assert max(told, key=lambda style: len(told[style])) == max(told, key=lambda style: told[style][0] or 0)


def test_every_published_space_is_calibrated_once_and_alike_each_time(
    demo_engine: Engine, home: Path, reporter: Reporter
) -> None:
    with demo_engine.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(calibration))
        witnesses = witness_spaces(published_spaces(connection))
        kept = [load_calibration(connection, space.id, witnesses) for space in published_spaces(connection)]
    assert None not in kept
    calibrate(demo_engine, home, reporter)
    with demo_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(calibration)) == before


def test_a_small_collection_promises_nothing(
    engine: Engine, gallery: Path, home: Path, reporter: Reporter, demo: str
) -> None:
    del demo
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    with engine.connect() as connection:
        picture = Image.open(min(gallery.glob("*.jpg"))).convert("RGB")
        judged = Judges(home).judge(connection, Brought(picture))
        found = judged.find(connection, 3, Filters(), duplicates=True)
        assert judged.verdict_on(found) is None
        assert found[0].distance < 0.01
        assert judged.worth(connection, found)[0].confidence is None


def test_curves_on_the_evidence_of_other_spaces_are_not_used(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space, witnesses = published_space(connection), witness_spaces(published_spaces(connection))
        assert load_calibration(connection, space.id, witnesses)
        assert load_calibration(connection, space.id, witnesses[:1]) is None


def test_what_was_calibrated_is_kept_for_a_new_space_and_forgotten_by_a_collection_that_shrank(
    engine: Engine, gallery: Path, home: Path, reporter: Reporter, demo_engine: Engine
) -> None:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    with demo_engine.connect() as other, engine.connect() as connection:
        space, witnesses = published_space(connection), witness_spaces(published_spaces(connection))
        lent = load_calibration(other, published_space(other).id, witness_spaces(published_spaces(other)))
    assert lent
    with engine.begin() as connection:
        store_calibration(connection, space.id, lent)
        assert load_calibration(connection, space.id, witnesses)
        assert latest_calibration(connection, witnesses) == lent
    calibrate(engine, home, reporter)
    with engine.connect() as connection:
        assert latest_calibration(connection, witnesses) is None
