"""The images nearest to one, with all that is shown of them, in one statement: the question that is asked most.

It answers only what the index alone can answer. Where images are filtered, or too few are found, the questions of
enfilade.queries.neighbours find them all.
"""

from functools import lru_cache

from psycopg import sql
from sqlalchemy import Connection

from enfilade.database import EF_SEARCH
from enfilade.queries.images import Image
from enfilade.spaces import Space

__all__ = ["images_beside"]

# The space's id stands in the SQL itself, so that the planner sees one partition; the casts are the index's own, or it
# is not used. The columns are the fields of Image, in their order.
BESIDE = """
    WITH probe AS MATERIALIZED (
        SELECT e.vector FROM enfilade.embedding AS e JOIN enfilade.image AS i ON i.id = e.image_id
        WHERE e.space_id = {space} AND e.image_id = %(image_id)s AND i.hidden_at IS NULL
    ), nearest AS MATERIALIZED (
        SELECT e.image_id, enfilade.angle(e.vector, (SELECT vector FROM probe)) AS distance
        FROM enfilade.embedding AS e JOIN enfilade.image AS i ON i.id = e.image_id
        WHERE e.space_id = {space} AND e.image_id <> %(image_id)s AND i.hidden_at IS NULL
        ORDER BY e.vector::vector({dimensions}) <=> (SELECT vector::vector({dimensions}) FROM probe)
        LIMIT %(limit)s
    )
    SELECT n.distance, i.id, i.title, i.artist, i.year_from, i.year_to, i.style, i.genre, i.licence, i.width, i.height,
        i.attributes, i.ingested_at, i.hidden_at,
        ARRAY(SELECT o.source_uri FROM enfilade.occurrence AS o WHERE o.image_id = i.id ORDER BY o.source_uri)
    FROM nearest AS n JOIN enfilade.image AS i ON i.id = n.image_id
    WHERE n.distance IS NOT NULL
    ORDER BY n.distance, i.id
"""


def images_beside(connection: Connection, space: Space, image_id: int, limit: int) -> list[tuple[Image, float]]:
    """Find images with their distances, nearest first; fewer than `limit`, or none, where the index does not know."""
    if 2 * limit > EF_SEARCH:
        return []
    # Past SQLAlchemy's expressions: making and caching them took as long as the search.
    rows = connection.exec_driver_sql(_statement(space.id, space.dimensions), {"image_id": image_id, "limit": limit})
    return [(Image(*fields), distance) for distance, *fields in rows.all()]


@lru_cache(maxsize=16)
def _statement(space_id: int, dimensions: int) -> str:
    return sql.SQL(BESIDE).format(space=sql.Literal(space_id), dimensions=sql.Literal(dimensions)).as_string()
