"""`/images/<id>`: one picture, what is known of it, and its neighbours."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import Connection

from enfilade.errors import EmptyCollectionError, UnplacedImageError
from server.browsing import shown_image
from server.pages.asking import ATTRIBUTE, words
from server.pages.hanging import Hung
from server.pages.labels import degrees
from server.pages.likeness import in_each_space
from server.searching import Found, neighbours_of
from server.services import reading

__all__ = ["NEIGHBOURS", "show"]

NEIGHBOURS = 24
LONGEST_SHARED = 40
"""Characters: a longer text describes one picture alone."""


def show(image_id: int) -> str:
    """Show a picture with its neighbours in the space asked for."""
    space = words(request.args, "space")
    with reading() as connection:
        image = shown_image(connection, image_id)
        found = find_neighbours(connection, image_id, space)
        spaces = in_each_space(connection, partial(_address, image_id))
    neighbours = found and [
        Hung(hit.image, url_for("pages.picture", image_id=hit.image.id, space=space), degrees(hit.distance))
        for hit in found.items
    ]
    return render_template(
        "picture.html",
        image=image,
        neighbours=neighbours,
        asked_space=space,
        space=found.space if found else space,
        spaces=spaces,
        attributes=attribute_links(image.attributes),
    )


def find_neighbours(connection: Connection, image_id: int, space: str | None) -> Found | None:
    """Find a picture's neighbours; None while it came too late to be in what is published."""
    try:
        return neighbours_of(connection, image_id, space=space, limit=NEIGHBOURS)
    except (UnplacedImageError, EmptyCollectionError):
        return None


def _address(image_id: int, space: str) -> str:
    return url_for("pages.picture", image_id=image_id, space=space, _anchor="neighbours")


def attribute_links(attributes: Mapping[str, Any]) -> list[tuple[str, str, str | None]]:
    """Give each attribute's name, value, and the address of what shares it. The year is shown with the title."""
    return [
        (name, str(value), _sharing(name, value))
        for name, value in attributes.items()
        if name != "year" and value not in (None, "")
    ]


def _sharing(name: str, value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_SHARED:
        return None
    shared: dict[str, Any] = {ATTRIBUTE + name: value}
    return url_for("pages.wall", **shared)
