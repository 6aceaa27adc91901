"""The images nearest to the middle of some of the collection, away from others; the middle is found in SQL."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import ARRAY, BigInteger, Connection, bindparam, column, text

from enfilade.errors import UnplacedImageError
from enfilade.queries.duplicates import distinct
from enfilade.queries.images import Filters, shown_image
from enfilade.queries.neighbours import Neighbour, nearest
from enfilade.spaces import Space

__all__ = ["middle", "near_members"]

# The mean of unit vectors scaled to the sphere is the point with the least sum of squared chords to them. Where likes
# and unlikes cancel out there is no direction but rounding, below 1e-6, and the first like stands for all.
MIDDLE = (
    text("""
        WITH seed AS (
            SELECT s.number, s.number <= cardinality(:like) AS liked, s.image_id,
                CASE WHEN i.hidden_at IS NULL AND i.id IS NOT NULL THEN e.vector END AS vector
            FROM unnest(:like || :unlike) WITH ORDINALITY AS s (image_id, number)
            LEFT JOIN enfilade.image AS i ON i.id = s.image_id
            LEFT JOIN enfilade.embedding AS e ON e.space_id = :space_id AND e.image_id = s.image_id
        ), mean AS (
            SELECT avg(vector) FILTER (WHERE liked) AS liked, avg(vector) FILTER (WHERE NOT liked) AS unliked,
                (array_agg(vector ORDER BY number))[1] AS first,
                (array_agg(image_id ORDER BY number) FILTER (WHERE vector IS NULL))[1] AS missing
            FROM seed
        ), away AS (
            SELECT CASE WHEN unliked IS NULL THEN liked ELSE liked - unliked END AS vector, first, missing FROM mean
        )
        SELECT CASE WHEN vector_norm(vector) > 1e-6 THEN l2_normalize(vector) ELSE first END AS place, missing
        FROM away
    """)
    .bindparams(bindparam("like", type_=ARRAY(BigInteger)), bindparam("unlike", type_=ARRAY(BigInteger)))
    .columns(column("place", VECTOR), column("missing", BigInteger))
)


def near_members(
    connection: Connection,
    space: Space,
    *,
    like: Sequence[int],
    unlike: Sequence[int] = (),
    limit: int = 24,
    filters: Filters | None = None,
    duplicates: bool = False,
) -> list[Neighbour]:
    """Find the images nearest to the middle of some, less the middle of others; none of these is among them.

    Nor is what shows the same work as one of these, and of each other work the nearest alone, unless duplicates are
    wanted. Raises UnknownImageError, RemovedImageError, UnplacedImageError.
    """
    seeds = {*like, *unlike}
    place = middle(connection, space, like, unlike)

    def find(count: int) -> list[Neighbour]:
        found = nearest(connection, space, place, limit=count + len(seeds), filters=filters)
        return [one for one in found if one.image_id not in seeds][:count]

    return distinct(connection, find, limit, without=list(seeds), duplicates=duplicates)


def middle(
    connection: Connection, space: Space, like: Sequence[int], unlike: Sequence[int] = ()
) -> NDArray[np.float32]:
    """Point from the mean of what is liked away from that of what is not: (dimensions,), of unit length.

    An id that is given twice counts twice. Raises UnknownImageError, RemovedImageError or UnplacedImageError for the
    first image that has no place here.
    """
    given = {"like": list(like), "unlike": list(unlike), "space_id": space.id}
    row = connection.execute(MIDDLE, given).one()
    if row.missing is not None:
        shown_image(connection, row.missing)  # says more exactly what is wrong
        raise UnplacedImageError(row.missing, f"the space {space.name}")
    return np.asarray(row.place, dtype=np.float32)
