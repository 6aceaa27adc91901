"""Where a picture that is brought lies; what is said of it is tested with what calibrates it."""

from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from sqlalchemy import Engine

from enfilade.errors import EmptyCollectionError, UnknownSpaceError
from enfilade.images import Brought, Limits, decode_part
from enfilade.judges import Judges
from enfilade.queries.images import Filters
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.sources import open_source
from ingest.studio import Work, paint

SAME = 1e-3


def test_the_file_of_an_image_lies_where_the_image_lies_however_large_it_is(
    engine: Engine, home: Path, reporter: Reporter, tmp_path: Path, works: tuple[Work, ...]
) -> None:
    for number in range(4):
        paint(works[8 * number]).convert("RGB").resize((2000, 1500)).save(tmp_path / f"{number}.jpg")
    ingest(engine, open_source(tmp_path), home, reporter)
    file = (tmp_path / "2.jpg").read_bytes()
    pixels = decode_part(file, Limits())
    with engine.connect() as connection:
        as_file, as_picture = (
            Judges(home).judge(connection, brought).find(connection, 1, Filters(), duplicates=True)[0]
            for brought in (Brought(pixels, file), Brought(pixels))
        )
    assert as_file.image_id == as_picture.image_id
    assert as_file.distance < SAME < as_picture.distance < 0.1


def test_so_it_does_where_confidence_is_calibrated(demo_engine: Engine, home: Path) -> None:
    file = sorted((home / "demo").glob("*.jpg"))[200].read_bytes()
    near = decode_part(file, Limits()).filter(ImageFilter.GaussianBlur(0.6))
    with demo_engine.connect() as connection:
        judges = Judges(home)
        for brought, least, most in ((Brought(near, file), 0.0, SAME), (Brought(near), SAME, 0.2)):
            judged = judges.judge(connection, brought)
            assert judged.judgement is not None
            assert least <= judged.find(connection, 1, Filters(), duplicates=True)[0].distance < most


def test_a_space_that_is_not_published_is_refused_by_name(demo_engine: Engine, engine: Engine, home: Path) -> None:
    brought = Brought(Image.new("RGB", (64, 64)))
    with demo_engine.connect() as connection, pytest.raises(UnknownSpaceError, match="smell"):
        Judges(home).judge(connection, brought, "smell")
    with engine.connect() as connection, pytest.raises(EmptyCollectionError):
        Judges(home).judge(connection, brought)
