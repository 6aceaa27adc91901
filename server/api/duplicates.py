"""Duplicates: the images that show the same work."""

from flask import Response, jsonify

from enfilade.queries.duplicates import list_groups
from enfilade.queries.images import find_images
from server.api.images import links_to
from server.api.operations import Answer, Given, Noun
from server.api.parameters import LIMIT, LIMIT_DEFAULT
from server.api.records import image_json
from server.api.shapes import ref
from server.services import reading

__all__ = ["duplicates"]

duplicates = Noun("duplicates", __name__, about="The images that show the same work.")


@duplicates.operation(
    "GET",
    "/duplicates",
    summary="Images that show the same work",
    description="By group, those with the least ids first. They are found at every ingest, among images that are like "
    "each other, by keypoints that agree on one view; `enfilade duplicates split` and `join` overrule that.",
    parameters=(LIMIT,),
    answers={200: Answer("The groups.", ref("DuplicateGroups"), links=links_to("/items/0/images/0/id"))},
    problems=("invalid-parameters",),
)
def list_duplicates(given: Given) -> Response:
    """Give the first groups, and how many there are."""
    with reading() as connection:
        groups = list_groups(connection)
        chosen = groups[: given.get("limit", LIMIT_DEFAULT)]
        images = find_images(connection, [image_id for group in chosen for image_id in group.image_ids])
    items = [
        {
            "images": [image_json(images[image_id]) for image_id in group.image_ids],
            "probability": group.probability,
            "decided": group.decided,
        }
        for group in chosen
    ]
    return jsonify({"items": items, "total": len(groups)})
