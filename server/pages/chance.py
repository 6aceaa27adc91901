"""Leave the choice of pictures to chance."""

import random

from sqlalchemy import Connection, func, select

from enfilade.errors import EmptyCollectionError
from enfilade.schema import image

__all__ = ["any_image"]


def any_image(connection: Connection, *, other_than: int | None = None) -> int:
    """Choose an image that is shown, at random. Raises EmptyCollectionError where there is none to choose.

    By a throw among the ids, which costs the same however many there are; after a gap in them an image is likelier.
    """
    shown = image.c.hidden_at.is_(None) & (image.c.id != (other_than or 0))
    ends = select(func.min(image.c.id), func.max(image.c.id)).where(shown)
    least, most = connection.execute(ends).one()
    if least is None:
        raise EmptyCollectionError
    throw = random.randint(least, most)  # noqa: S311 — nothing hangs on its being guessed
    chosen: int = connection.execute(
        select(image.c.id).where(shown, image.c.id >= throw).order_by(image.c.id).limit(1)
    ).scalar_one()
    return chosen
