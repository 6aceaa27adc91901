"""Perceptual hashes that are near one, found in SQL."""

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from enfilade.images import perceptual_hash
from enfilade.queries import hashes
from enfilade.queries.files import load_thumbnails
from enfilade.queries.hashes import DIFFERING, MOST, near_hash
from enfilade.schema import image


def differing(one: int, other: int) -> int:
    return ((one ^ other) & (2**64 - 1)).bit_count()


@pytest.mark.parametrize("image_id", [5, 100, 700])
def test_the_nearest_hashes_are_found_the_picture_s_own_first(demo_engine: Engine, image_id: int) -> None:
    with demo_engine.connect() as connection:
        known = {row[0]: row[1] for row in connection.execute(select(image.c.id, image.c.phash))}
        found = near_hash(connection, known[image_id])
        near = sorted((differing(known[image_id], phash), one) for one, phash in known.items())
    assert found == [one for bits, one in near if bits <= DIFFERING][:MOST]
    assert known[found[0]] == known[image_id]


def test_a_smaller_copy_is_near_and_a_plain_picture_is_not(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        thumbnail = load_thumbnails(connection, [5])[5].resize((90, 90))
        assert 5 in near_hash(connection, perceptual_hash(thumbnail))
        assert 5 not in near_hash(connection, perceptual_hash(Image.new("RGB", (90, 90))))


def test_a_large_collection_is_not_scanned(demo_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes, "LARGEST", 1)
    with demo_engine.begin() as connection:
        phash = connection.execute(select(image.c.phash).where(image.c.id == 5)).scalar_one()
        assert near_hash(connection, phash) == []
