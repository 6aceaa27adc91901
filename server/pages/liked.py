"""`/search?like=…`: what is nearest to the middle of some pictures of the collection, away from others."""

from dataclasses import dataclass

from flask import render_template

from enfilade.queries.images import Image, shown_images
from server.noting import note
from server.pages.asking import Asked
from server.pages.hanging import offer
from server.pages.hits import hang_hits
from server.pages.likeness import in_each_space
from server.pages.liking import Liking, address, ways, without
from server.searching import search_members
from server.services import reading

__all__ = ["HITS", "show_liked"]

HITS = 48


@dataclass(frozen=True, slots=True)
class Seed:
    """A picture that the search begins from, and the address of the search without it."""

    image: Image
    without_url: str


def show_liked(liking: Liking) -> str:
    """Show what was asked to be like and unlike, and under it what is nearest.

    Raises UnknownImageError, RemovedImageError, UnplacedImageError, UnknownSpaceError, EmptyCollectionError.
    """
    with reading() as connection:
        found = search_members(
            connection,
            like=liking.like,
            unlike=liking.unlike,
            space=liking.space,
            limit=HITS,
            filters=liking.asked.filters,
            duplicates=liking.duplicates,
        )
        liked, unliked = (
            [Seed(image, without(liking, image.id)) for image in shown_images(connection, ids)]
            for ids in (liking.like, liking.unlike)
        )
        spaces = in_each_space(connection, lambda name: address(liking, space=name))
        choices = offer(connection, liking.asked)
    note("search_members", found)
    return render_template(
        "liked.html",
        liking=liking,
        seeds={"Like": liked, "Unlike": unliked},
        hits=hang_hits(found, found.space, lambda image: ways(liking, image)),
        space=found.space,
        spaces=spaces,
        asked=liking.asked,
        choices=choices,
        everything_url=address(liking, asked=Asked()),
    )
