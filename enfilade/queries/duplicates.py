"""Images that show the same work, and results in which each work stands once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, text

from enfilade.duplicates import JOINED
from enfilade.queries.neighbours import Neighbour

__all__ = ["DuplicateGroup", "all_groups", "distinct", "each_once", "list_groups", "with_duplicates", "works_of"]

Works = Mapping[int, tuple[int, ...]]
"""An image -> all that show its work, itself among them, by id; only for those that do not stand alone."""

WORKS = """
    SELECT d.image_id, array_agg(m.image_id ORDER BY m.image_id)
    FROM enfilade.duplicate AS d JOIN enfilade.duplicate AS m USING (group_id)
    JOIN enfilade.image AS i ON i.id = m.image_id
    WHERE d.image_id = ANY (%(ids)s) AND i.hidden_at IS NULL GROUP BY d.image_id
"""
GROUPS = text("""
    SELECT array_agg(d.image_id ORDER BY d.image_id)
    FROM enfilade.duplicate AS d JOIN enfilade.image AS i ON i.id = d.image_id
    WHERE i.hidden_at IS NULL GROUP BY d.group_id HAVING count(*) > 1 ORDER BY d.group_id
""")
LISTED = text("""
    SELECT array_agg(d.image_id ORDER BY d.image_id), found.probability, coalesce(found.decided, false)
    FROM enfilade.duplicate AS d JOIN enfilade.image AS i ON i.id = d.image_id
    LEFT JOIN (
        SELECT s.group_id, bool_or(p.decided IS TRUE) AS decided,
            min(p.probability) FILTER (WHERE p.probability >= :joined AND p.decided IS NULL) AS probability
        FROM enfilade.duplicate_pair AS p JOIN enfilade.duplicate AS s ON s.image_id = p.source
        JOIN enfilade.duplicate AS t ON t.image_id = p.target AND t.group_id = s.group_id
        GROUP BY s.group_id
    ) AS found ON found.group_id = d.group_id
    WHERE i.hidden_at IS NULL
    GROUP BY d.group_id, found.probability, found.decided HAVING count(*) > 1 ORDER BY d.group_id LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Images that show one work, by id.

    probability: the least of the pairs that join them, None where only people said so. decided: whether people did.
    """

    image_ids: tuple[int, ...]
    probability: float | None
    decided: bool


def list_groups(connection: Connection, limit: int | None = None) -> list[DuplicateGroup]:
    """List the groups, by the least id of each."""
    rows = connection.execute(LISTED, {"joined": JOINED, "limit": limit})
    return [DuplicateGroup(tuple(ids), probability, decided) for ids, probability, decided in rows]


def all_groups(connection: Connection) -> list[tuple[int, ...]]:
    """Give the ids of each group."""
    return [tuple(ids) for ids in connection.scalars(GROUPS)]


def works_of(connection: Connection, ids: Iterable[int]) -> Works:
    """Find, for those of the images that do not stand alone, all that show the same work."""
    rows = connection.exec_driver_sql(WORKS, {"ids": list(ids)})  # asked with every search: by the shortest way
    return {image_id: tuple(group) for image_id, group in rows.all() if len(group) > 1}


def distinct(
    connection: Connection,
    find: Callable[[int], Sequence[Neighbour]],
    limit: int,
    *,
    without: Sequence[int] = (),
    duplicates: bool = False,
) -> list[Neighbour]:
    """Find the nearest of each work, up to a limit, or where duplicates are wanted the nearest of all.

    find: gives as many of the nearest as it is asked for, or all there are. It is asked for more until that is enough.
    without: images whose works are left out.
    """
    asked = limit
    if duplicates:
        found = find(limit)
        return with_duplicates(found, works_of(connection, [one.image_id for one in found]))
    while True:
        found = find(asked)
        works = works_of(connection, [*without, *(one.image_id for one in found)])
        kept = each_once(found, works, without)
        if len(kept) >= limit or len(found) < asked:
            return kept[:limit]
        asked *= 2


def each_once(found: Iterable[Neighbour], works: Works, without: Sequence[int] = ()) -> list[Neighbour]:
    """Keep the first of each work, but of none that one of `without` shows; each tells which others show its work."""
    seen = {other for image_id in without for other in works.get(image_id, (image_id,))}
    kept = []
    for one in with_duplicates(found, works):
        if one.image_id not in seen:
            seen.update(one.duplicates)
            kept.append(one)
    return kept


def with_duplicates(found: Iterable[Neighbour], works: Works) -> list[Neighbour]:
    """Tell with each image which others show its work."""
    return [
        replace(one, duplicates=tuple(other for other in works.get(one.image_id, ()) if other != one.image_id))
        for one in found
    ]
