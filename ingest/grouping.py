"""Who decides what is one work: people, and where nobody did, what was found. Writes the groups."""

from collections.abc import Sequence
from itertools import combinations

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from enfilade.duplicates import Pair, group_images
from enfilade.queries.images import among
from enfilade.schema import duplicate, duplicate_pair, image

__all__ = ["decide", "forget", "regroup"]


def decide(connection: Connection, ids: Sequence[int], *, one_work: bool) -> None:
    """Say of some images that each two of them show one work, or do not, until it is forgotten; and regroup."""
    rows = [
        {"source": source, "target": target, "decided": one_work}
        for source, target in combinations(sorted(set(ids)), 2)
    ]
    connection.execute(
        upsert(duplicate_pair)
        .values(rows)
        .on_conflict_do_update(index_elements=["source", "target"], set_={"decided": one_work})
    )
    regroup(connection)


def forget(connection: Connection, ids: Sequence[int]) -> int:
    """Forget what was said of each two of some images, and regroup; gives of how many pairs something was said."""
    said = (
        among(duplicate_pair.c.source, ids),
        among(duplicate_pair.c.target, ids),
        duplicate_pair.c.decided.is_not(None),
    )
    of_people = connection.execute(delete(duplicate_pair).where(*said, duplicate_pair.c.probability.is_(None)))
    found = connection.execute(update(duplicate_pair).where(*said).values(decided=None))
    regroup(connection)
    return of_people.rowcount + found.rowcount


def regroup(connection: Connection) -> None:
    """Bring the groups up to date with the pairs, and with the images that are shown; harmless to repeat.

    A removed image still joins what it joined, and is in no group itself.
    """
    wanted = {image_id: min(group) for group in _shown_groups(connection) for image_id in group}
    stored = connection.execute(select(duplicate.c.image_id, duplicate.c.group_id))
    if wanted == {row.image_id: row.group_id for row in stored}:
        return
    connection.execute(delete(duplicate))
    if wanted:
        rows = [{"image_id": image_id, "group_id": group_id} for image_id, group_id in sorted(wanted.items())]
        connection.execute(insert(duplicate), rows)


def _shown_groups(connection: Connection) -> list[frozenset[int]]:
    columns = duplicate_pair.c.source, duplicate_pair.c.target, duplicate_pair.c.probability, duplicate_pair.c.decided
    groups = group_images(Pair(*row) for row in connection.execute(select(*columns)))
    grouped = sorted(frozenset[int]().union(*groups))
    query = select(image.c.id).where(among(image.c.id, grouped), image.c.hidden_at.is_(None))
    shown = frozenset(connection.scalars(query))
    return [group & shown for group in groups if len(group & shown) > 1]
