"""The stored files of images, as pictures."""

import io
from collections.abc import Sequence

from PIL import Image
from sqlalchemy import Connection, select

from enfilade.queries.images import among
from enfilade.schema import rendition

__all__ = ["load_thumbnails", "open_thumbnail", "read_thumbnails"]


def load_thumbnails(connection: Connection, ids: Sequence[int]) -> dict[int, Image.Image]:
    """Load the thumbnails of images, by id: RGB, at most 480 pixels a side."""
    return {image_id: open_thumbnail(data) for image_id, data in read_thumbnails(connection, ids).items()}


def open_thumbnail(data: bytes) -> Image.Image:
    """Decode a thumbnail's file: RGB."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def read_thumbnails(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """Read the files of images' thumbnails, JPEGs, by id."""
    query = select(rendition.c.image_id, rendition.c.bytes).where(
        among(rendition.c.image_id, ids), rendition.c.kind == "thumbnail"
    )
    return {row.image_id: bytes(row.bytes) for row in connection.execute(query)}
