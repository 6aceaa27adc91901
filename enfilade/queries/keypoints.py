"""The stored keypoints of images, to be matched with those of a query or with each other's."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from enfilade.confidence import Keypoints
from enfilade.confidence.keypoints import METHOD
from enfilade.queries.images import among
from enfilade.schema import keypoint

__all__ = ["load_keypoints"]


def load_keypoints(connection: Connection, ids: Sequence[int]) -> dict[int, Keypoints]:
    """Load the keypoints of images, by id; those that were found by another method, or not yet, are left out."""
    query = select(keypoint.c.image_id, keypoint.c.data).where(
        among(keypoint.c.image_id, ids), keypoint.c.method == METHOD
    )
    return {row.image_id: Keypoints.from_bytes(row.data) for row in connection.execute(query)}
