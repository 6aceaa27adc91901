"""What was found, ready to be hung: how far each picture is, and how many more show the same work."""

from collections.abc import Callable, Iterable, Sequence

from flask import url_for

from enfilade.queries.images import Image
from server.pages.hanging import Hung, Way
from server.pages.labels import degrees, more_of
from server.searching import Found

__all__ = ["hang_hits", "hang_same"]


def hang_hits(found: Found, space: str | None, ways: Callable[[Image], Iterable[Way]] = lambda _: ()) -> list[Hung]:
    """Hang what was found, each leading to its picture in a space; ways: where else each leads."""
    return [
        Hung(
            hit.image,
            _address(hit.image, space),
            degrees(hit.distance),
            more_of(len(hit.duplicates)),
            tuple(ways(hit.image)),
        )
        for hit in found.items
    ]


def hang_same(images: Sequence[Image], space: str | None) -> list[Hung]:
    """Hang images that show the same work, each leading to its picture in a space."""
    return [Hung(image, _address(image, space)) for image in images]


def _address(image: Image, space: str | None) -> str:
    return url_for("pages.picture", image_id=image.id, space=space)
