"""The stored files of images, as pictures."""

import io
from collections.abc import Sequence

from PIL import Image
from sqlalchemy import Connection, select

from enfilade.queries.images import among
from enfilade.schema import rendition

__all__ = ["load_thumbnails"]


def load_thumbnails(connection: Connection, ids: Sequence[int]) -> dict[int, Image.Image]:
    """Load the thumbnails of images, by id: RGB, at most 480 pixels a side."""
    query = select(rendition.c.image_id, rendition.c.bytes).where(
        among(rendition.c.image_id, ids), rendition.c.kind == "thumbnail"
    )
    return {row.image_id: Image.open(io.BytesIO(row.bytes)).convert("RGB") for row in connection.execute(query)}
