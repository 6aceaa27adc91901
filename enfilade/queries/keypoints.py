"""The keypoints that are stored of images."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from enfilade.confidence.calibration import METHOD
from enfilade.confidence.keypoints import Keypoints
from enfilade.queries.images import among
from enfilade.schema import keypoint

__all__ = ["load_keypoints"]


def load_keypoints(connection: Connection, ids: Sequence[int]) -> dict[int, Keypoints]:
    """Load the keypoints of images by id; those that have none yet are left out."""
    query = select(keypoint.c.image_id, keypoint.c.data).where(among(keypoint.c.image_id, ids))
    rows = connection.execute(query.where(keypoint.c.method == METHOD))
    return {row.image_id: Keypoints.from_bytes(row.data) for row in rows}
