"""Images: pages of them, each by itself, its files, its neighbours."""

from typing import Final

from flask import Response, jsonify, make_response, request

from enfilade.queries.images import shown_image
from server.api.operations import Answer, Given, Link, Noun, Parameter
from server.api.parameters import (
    DUPLICATES,
    FILTERS,
    IMAGE_ID,
    LIMIT,
    LIMIT_DEFAULT,
    SPACE,
    duplicates_from,
    filters_from,
    text,
)
from server.api.records import found_json, image_json
from server.api.shapes import ref
from server.browsing import SORTS, browse
from server.files import find_file, read_file
from server.noting import note
from server.searching import neighbours_of
from server.services import reading

__all__ = ["images", "links_to"]

images = Noun("images", __name__, about="The pictures of the collection.")

FOR_GOOD: Final = "public, max-age=31536000, immutable"
RENDITION: Final = Parameter(
    "rendition",
    {"type": "string", "enum": ["thumbnail", "preview", "original"], "default": "preview"},
    "thumbnail: at most 480 pixels a side; preview: at most 1200; original: the file itself, where it was kept.",
)
VERSION: Final = Parameter(
    "v", text(40), "Whatever tells this collection from another at the same address; it changes nothing here."
)


def links_to(pointer: str) -> dict[str, Link]:
    """Tell where to go on from an image whose id lies at this place of an answer."""
    image_id = f"$response.body#{pointer}"
    return {
        "image": Link("get_image", {"id": image_id}),
        "file": Link("get_image_file", {"id": image_id}),
        "neighbours": Link("list_neighbours", {"id": image_id}),
        "walk": Link("find_paths", {"source": image_id, "target": image_id}),
    }


@images.operation(
    "GET",
    "/images",
    summary="Browse the collection",
    description="A page begins after the last image of the one before, so that images which come or go meanwhile make "
    "no other appear twice or never.",
    parameters=(
        Parameter("q", text(), "Only images with each of these words somewhere in title, artist, style or genre."),
        *FILTERS,
        Parameter(
            "sort",
            {"type": "string", "enum": list(SORTS), "default": "id"},
            "The order; what is unknown comes last. newest: what was ingested last comes first.",
        ),
        LIMIT,
        Parameter("cursor", text(2000), "`next` of the page before, with the same `sort`."),
    ),
    answers={
        200: Answer(
            "A page of images.",
            ref("ImagePage"),
            links=links_to("/items/0/id") | {"next": Link("list_images", {"cursor": "$response.body#/next"})},
        )
    },
    problems=("invalid-parameters", "unknown-cursor"),
)
def list_images(given: Given) -> Response:
    """Give a page of the collection."""
    with reading() as connection:
        page = browse(
            connection,
            filters_from(given),
            q=given.get("q"),
            sort=given.get("sort", "id"),
            limit=given.get("limit", LIMIT_DEFAULT),
            cursor=given.get("cursor"),
        )
    return jsonify({"items": [image_json(image) for image in page.items], "next": page.next, "total": page.total})


@images.operation(
    "GET",
    "/images/{id}",
    summary="One image",
    parameters=(IMAGE_ID,),
    answers={200: Answer("The image.", ref("Image"), links=links_to("/id"))},
    problems=("invalid-parameters", "unknown-image", "removed-image"),
)
def get_image(given: Given) -> Response:
    """Give one image."""
    with reading() as connection:
        return jsonify(image_json(shown_image(connection, given["id"])))


@images.operation(
    "GET",
    "/images/{id}/file",
    summary="An image's file",
    description="May be kept for good: an image's files never change.",
    parameters=(IMAGE_ID, RENDITION, VERSION),
    answers={
        200: Answer(
            "The file.",
            {"type": "string", "format": "binary"},
            media_types=("image/*",),
            headers={"ETag": "Tells these bytes from others.", "Cache-Control": "For good."},
        ),
        304: Answer("You have it already.", headers={"ETag": "Tells these bytes from others."}),
    },
    problems=("invalid-parameters", "unknown-image", "removed-image", "unknown-rendition"),
)
def get_image_file(given: Given) -> Response:
    """Give the bytes of a rendition, or say that they are known."""
    with reading() as connection:
        file = find_file(connection, given["id"], given.get("rendition", "preview"))
        if request.if_none_match.contains_weak(file.tag):
            answer = make_response("", 304)
        else:
            answer = make_response(read_file(connection, file))
            answer.content_type = file.media_type
    answer.set_etag(file.tag)
    answer.headers["Cache-Control"] = FOR_GOOD
    return answer


@images.operation(
    "GET",
    "/images/{id}/neighbours",
    summary="The images most like one",
    description="Nearest first, by the space's index; the image itself is left out, and, unless `duplicates=all`, what "
    "shows the same work.",
    parameters=(IMAGE_ID, SPACE, LIMIT, DUPLICATES, *FILTERS),
    answers={200: Answer("Its neighbours.", ref("Found"), links=links_to("/items/0/image/id"))},
    problems=(
        "invalid-parameters", "unknown-image", "removed-image", "unknown-space", "unplaced-image", "empty-collection",
    ),
)  # fmt: skip
def list_neighbours(given: Given) -> Response:
    """Give the images nearest to one."""
    with reading() as connection:
        found = neighbours_of(
            connection,
            given["id"],
            space=given.get("space"),
            limit=given.get("limit", LIMIT_DEFAULT),
            filters=filters_from(given),
            duplicates=duplicates_from(given),
        )
    note("neighbours", found)
    return jsonify(found_json(found))
