"""The images whose perceptual hashes are nearest to one."""

from typing import Final

from sqlalchemy import Connection, text

__all__ = ["near_hash"]

DIFFERING: Final = 12
"""Bits of 64; two hashes of nothing in common differ in as few once in two million pairs."""
MOST: Final = 5
LARGEST: Final = 200_000
"""Images in which a scan takes no longer than the rest of a search."""

# The number of images is a guess of Postgres's own, looked up once.
NEAR: Final = text("""
    SELECT id FROM enfilade.image
    WHERE (SELECT reltuples FROM pg_class WHERE oid = 'enfilade.image'::regclass) <= :largest AND hidden_at IS NULL
        AND bit_count((phash # CAST(:phash AS bigint))::bit(64)) <= :differing
    ORDER BY bit_count((phash # CAST(:phash AS bigint))::bit(64)), id LIMIT :most
""")


def near_hash(connection: Connection, phash: int) -> list[int]:
    """Find the few images whose hashes differ least, ties by id; none where the collection is large."""
    bound = {"phash": phash, "differing": DIFFERING, "most": MOST, "largest": LARGEST}
    return list(connection.scalars(NEAR, bound))
