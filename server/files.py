"""The stored files of images. Knows no HTTP."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from enfilade.queries.images import shown_image
from enfilade.schema import image, rendition
from server.errors import UnknownRenditionError

__all__ = ["StoredFile", "find_file", "read_file"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A rendition without its bytes, and a tag that changes with them."""

    image_id: int
    kind: str
    media_type: str
    tag: str


def find_file(connection: Connection, image_id: int, kind: str) -> StoredFile:
    """Find a rendition of an image that is shown. Raises UnknownImageError and its like, UnknownRenditionError."""
    # The length is known without reading the bytes (they are stored out of line, uncompressed).
    query = (
        select(rendition.c.media_type, image.c.sha256, func.octet_length(rendition.c.bytes).label("length"))
        .join_from(rendition, image)
        .where(rendition.c.image_id == image_id, rendition.c.kind == kind, image.c.hidden_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        shown_image(connection, image_id)
        raise UnknownRenditionError(image_id, kind)
    return StoredFile(image_id, kind, row.media_type, f"{row.sha256.hex()[:24]}-{kind}-{row.length}")


def read_file(connection: Connection, file: StoredFile) -> bytes:
    """Read the bytes of a rendition."""
    query = select(rendition.c.bytes).where(rendition.c.image_id == file.image_id, rendition.c.kind == file.kind)
    return bytes(connection.execute(query).scalar_one())
