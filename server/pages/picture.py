"""`/images/<id>`: one picture, what is known of it, and its neighbours."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import Connection

from enfilade.errors import EmptyCollectionError, UnplacedImageError
from enfilade.queries.duplicates import works_of
from enfilade.queries.images import Image, find_images, shown_image
from server.noting import note
from server.pages.asking import ATTRIBUTE, words
from server.pages.hits import hang_hits, hang_same
from server.pages.likeness import in_each_space
from server.pages.liking import begin
from server.searching import Found, neighbours_of
from server.services import reading

__all__ = ["NEIGHBOURS", "show"]

NEIGHBOURS = 24
LONGEST_SHARED = 40
"""Characters: a longer text describes one picture alone."""


def show(image_id: int) -> str:
    """Show a picture with what shows the same work, and with its neighbours in the space asked for."""
    space, duplicates = words(request.args, "space"), words(request.args, "duplicates") == "all"
    with reading() as connection:
        image = shown_image(connection, image_id)
        same = find_same(connection, image_id)
        found = find_neighbours(connection, image_id, space, duplicates=duplicates)
        spaces = in_each_space(connection, partial(_address, image_id))
    return render_template(
        "picture.html",
        image=image,
        same=hang_same(same, space),
        neighbours=found and hang_hits(found, space),
        other_url=_other_address(image_id, space, found, duplicates=duplicates),
        duplicates=duplicates,
        more_url=begin(image_id, space),
        asked_space=space,
        space=found.space if found else space,
        spaces=spaces,
        attributes=attribute_links(image.attributes),
    )


def find_same(connection: Connection, image_id: int) -> list[Image]:
    """Find the other images that show the same work."""
    others = [other for other in works_of(connection, [image_id]).get(image_id, ()) if other != image_id]
    images = find_images(connection, others) if others else {}
    return [images[other] for other in others]


def find_neighbours(connection: Connection, image_id: int, space: str | None, *, duplicates: bool) -> Found | None:
    """Find a picture's neighbours; None while it came too late to be in what is published."""
    try:
        found = neighbours_of(connection, image_id, space=space, limit=NEIGHBOURS, duplicates=duplicates)
    except (UnplacedImageError, EmptyCollectionError):
        return None
    note("neighbours", found)
    return found


def _other_address(image_id: int, space: str | None, found: Found | None, *, duplicates: bool) -> str | None:
    """Give the address where every reproduction is shown, or each work once, if that makes a difference."""
    if not (found and any(hit.duplicates for hit in found.items)):
        return None
    every = None if duplicates else "all"
    return url_for("pages.picture", image_id=image_id, space=space, duplicates=every, _anchor="neighbours")


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
