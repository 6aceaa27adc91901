"""Laws that the tables must keep: each query counts what breaks one."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

__all__ = ["LAWS", "count_broken"]

LAWS: Mapping[str, str] = {
    "every image shown has its thumbnail and preview": """
        SELECT count(*) FROM enfilade.image AS i WHERE i.hidden_at IS NULL AND
            (SELECT count(*) FROM enfilade.rendition AS r
             WHERE r.image_id = i.id AND r.kind IN ('thumbnail', 'preview')) <> 2
    """,
    "every image shown was found somewhere": """
        SELECT count(*) FROM enfilade.image AS i
        WHERE i.hidden_at IS NULL AND NOT EXISTS (SELECT FROM enfilade.occurrence AS o WHERE o.image_id = i.id)
    """,
    "every image shown has a place in every published space": """
        SELECT count(*) FROM enfilade.image AS i CROSS JOIN enfilade.current AS c
        WHERE i.hidden_at IS NULL AND NOT EXISTS (
            SELECT FROM enfilade.embedding AS e WHERE e.space_id = c.space_id AND e.image_id = i.id)
    """,
    "every place is of unit length": """
        SELECT count(*) FROM enfilade.embedding AS e JOIN enfilade.current AS c USING (space_id)
        WHERE abs(vector_norm(e.vector) - 1) > 1e-3
    """,
    "every edge of a published graph joins two images": """
        SELECT count(*) FROM enfilade.current AS c JOIN enfilade.edge AS e ON e.graph_id = c.graph_id
        WHERE NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = e.source)
           OR NOT EXISTS (SELECT FROM enfilade.image AS i WHERE i.id = e.target)
    """,
    "every edge is as long as the angle between its ends": """
        SELECT count(*) FROM enfilade.current AS c JOIN enfilade.edge AS e ON e.graph_id = c.graph_id
        JOIN enfilade.embedding AS a ON a.space_id = c.space_id AND a.image_id = e.source
        JOIN enfilade.embedding AS b ON b.space_id = c.space_id AND b.image_id = e.target
        WHERE abs(e.distance - enfilade.angle(a.vector, b.vector)) > 1e-3
    """,
}


def count_broken(connection: Connection) -> dict[str, int]:
    """Count, law by law, what breaks it."""
    return {law: int(connection.scalar(text(query)) or 0) for law, query in LAWS.items()}
