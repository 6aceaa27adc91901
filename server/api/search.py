"""Search: by a picture that is brought, or by images of the collection."""

from typing import Final

from flask import Response, jsonify

from server.api.images import links_to
from server.api.operations import Answer, Body, Form, Given, Noun, Parameter
from server.api.parameters import (
    CROP,
    DUPLICATES,
    FILTERS,
    ID_SCHEMA,
    LIMIT,
    LIMIT_DEFAULT,
    SPACE,
    crop_from,
    duplicates_from,
    filters_from,
)
from server.api.records import found_json
from server.api.shapes import ref
from server.noting import Operation, note
from server.searching import search_members, search_upload
from server.services import fetch, reading, services

__all__ = ["search"]

search = Noun("search", __name__, about="Find images by a picture or by examples.")

FILE: Final = Parameter(
    "file", {"type": "string", "format": "binary"}, "A picture: JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF or JPEG 2000.",
    required=True,
)  # fmt: skip
LIKE: Final = Parameter(
    "like",
    {"type": "array", "items": ID_SCHEMA, "minItems": 1, "maxItems": 50},
    "Images to be like: the search begins in their middle. They are left out of what is found.",
    required=True,
)
UNLIKE: Final = Parameter(
    "unlike",
    {"type": "array", "items": ID_SCHEMA, "minItems": 0, "maxItems": 50},
    "Images to be unlike: the search begins away from their middle.",
)
URL: Final = Parameter(
    "url", {"type": "string", "format": "uri", "maxLength": 2000, "pattern": "^https?://[^\\s\\u0000]+$",
            "title": "a URL that begins with http:// or https://"},
    "Where a picture lies, at a public address, for the server to fetch. Where fetching is turned off, as it is unless "
    "the server was told otherwise, the answer is the problem fetching-off.",
    required=True,
)  # fmt: skip


@search.operation(
    "POST",
    "/search",
    summary="Search by a picture or by examples",
    description="Send a picture as multipart/form-data, or JSON with its `url`, or with `like` and, if you want, "
    "`unlike`. A picture that is fetched counts as an upload.",
    body=Body(
        {
            "multipart/form-data": (Form("SearchByFile", (FILE, SPACE, LIMIT, CROP, DUPLICATES, *FILTERS)),),
            "application/json": (
                Form("SearchByMembers", (LIKE, UNLIKE, SPACE, LIMIT, DUPLICATES, *FILTERS)),
                Form("SearchByUrl", (URL, SPACE, LIMIT, CROP, DUPLICATES, *FILTERS)),
            ),
        },
        examples={"application/json": {"like": [1], "limit": 5}},
    ),
    answers={200: Answer("What was found.", ref("Found"), links=links_to("/items/0/image/id"))},
    problems=(
        "invalid-parameters", "unreadable-body", "unsupported-media-type", "too-large", "refused-image",
        "fetching-off", "unfetchable-url", "too-many-uploads", "unknown-image", "removed-image", "unknown-space",
        "unplaced-image", "empty-collection", "network-missing", "decoder-missing", "large-uploads-waiting", "too-slow",
    ),
)  # fmt: skip
def search_images(given: Given) -> Response:
    """Find the images nearest to what was sent."""
    file = fetch(given["url"]) if "url" in given else given.get("file")
    # Before a transaction begins: it may take seconds.
    brought = None if file is None else services().embedders.read(file, crop_from(given))
    narrowed = {
        "space": given.get("space"),
        "limit": given.get("limit", LIMIT_DEFAULT),
        "filters": filters_from(given),
        "duplicates": duplicates_from(given),
    }
    operation: Operation = "search_members" if brought is None else "search_url" if "url" in given else "search_upload"
    with reading() as connection:
        if brought is not None:
            found = search_upload(connection, services().judges, brought, **narrowed)
        else:
            found = search_members(connection, like=given["like"], unlike=given.get("unlike", ()), **narrowed)
    note(operation, found)
    return jsonify(found_json(found))
