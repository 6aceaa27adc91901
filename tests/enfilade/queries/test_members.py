"""The middle of some images, away from others, is the mean on the sphere, and what has no place is named."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert

from enfilade.errors import RemovedImageError, UnknownImageError, UnplacedImageError
from enfilade.queries.members import middle, near_members
from enfilade.queries.neighbours import image_vector, neighbours
from enfilade.queries.spaces import published_space, published_spaces
from enfilade.schema import image
from enfilade.spaces import Space
from ingest.removal import hide


def by_hand(connection: Connection, space: Space, like: list[int], unlike: list[int]) -> NDArray[np.float64]:
    """The same by numpy, in double precision."""
    places = {one: image_vector(connection, space, one).astype(np.float64) for one in (*like, *unlike)}
    away = np.mean([places[one] for one in like], axis=0)
    away = away - np.mean([places[one] for one in unlike], axis=0) if unlike else away
    return np.asarray(away / np.linalg.norm(away))


@pytest.mark.parametrize(
    ("like", "unlike"),
    [([1], []), ([1, 2, 3], []), ([1, 2, 3], [700]), ([7, 7, 8], [400, 600]), (list(range(1, 51)), [*range(500, 550)])],
)
def test_the_middle_in_sql_is_the_mean_on_the_sphere(demo_engine: Engine, like: list[int], unlike: list[int]) -> None:
    with demo_engine.connect() as connection:
        for space in published_spaces(connection):
            found = middle(connection, space, like, unlike)
            assert found.shape == (space.dimensions,)
            np.testing.assert_allclose(found, by_hand(connection, space, like, unlike), atol=1e-6)


def test_where_likes_and_unlikes_cancel_out_the_first_like_stands_for_all(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        for like, unlike in (([7], [7]), ([7, 8, 9], [9, 8, 7])):
            found = middle(connection, space, like, unlike)
            np.testing.assert_array_equal(found, image_vector(connection, space, 7))


def test_near_one_image_are_its_neighbours(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        expected = [one.image_id for one in neighbours(connection, space, 7, limit=20)]
        found = near_members(connection, space, like=[7], limit=20, duplicates=True)
        assert [one.image_id for one in found] == expected


def test_what_lies_between_is_found_and_never_a_seed(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:
        space = published_space(connection)
        found = near_members(connection, space, like=[1, 2, 3], unlike=[700], limit=100)
        assert len(found) == 100
        assert not {1, 2, 3, 700} & {one.image_id for one in found}
        assert [one.distance for one in found] == sorted(one.distance for one in found)


def test_what_is_unknown_removed_or_not_placed_yet_is_named(demo_engine: Engine) -> None:
    with demo_engine.connect() as connection:  # nothing of this is committed
        hide(connection, [4])
        late = {"sha256": b"0" * 32, "phash": 0, "width": 9, "height": 9, "media_type": "image/png"}
        newest = connection.execute(insert(image).values(late).returning(image.c.id)).scalar_one()
        space = published_space(connection)
        for like, unlike, error, named in (
            ([1, 99999], [], UnknownImageError, "99999"),
            ([1], [4], RemovedImageError, "4 was removed"),
            ([1, newest], [], UnplacedImageError, f"{newest} is not in the space"),
            ([1, newest, 99999], [], UnplacedImageError, str(newest)),
        ):
            with pytest.raises(error, match=named):
                middle(connection, space, like, unlike)
