"""What answers hold, as JSON; server.api.shapes has the schemas, and the tests hold the two together."""

from collections.abc import Callable
from typing import Any

from enfilade.queries.images import Image
from server.links import image_links
from server.searching import Found
from server.walking import Walk, Walks

__all__ = ["found_json", "image_json", "walks_json"]


def image_json(image: Image) -> dict[str, Any]:
    """Give an image as the API tells it. Where its files lie on this machine is nobody's business."""
    return {
        "id": image.id,
        "title": image.title,
        "artist": image.artist,
        "year": image.year,
        "year_from": image.year_from,
        "year_to": image.year_to,
        "style": image.style,
        "genre": image.genre,
        "licence": image.licence,
        "width": image.width,
        "height": image.height,
        "attributes": image.attributes,
        "ingested_at": image.ingested_at.isoformat(),
        "links": image_links(image),
    }


def found_json(found: Found) -> dict[str, Any]:
    """Give what a search found."""
    items = [
        {
            "image": image_json(hit.image),
            "distance": hit.distance,
            "duplicates": list(hit.duplicates),
            "confidence": hit.worth.confidence,
            "alike": dict(hit.worth.alike or {}),
            "same_work": hit.worth.same_work,
        }
        for hit in found.items
    ]
    return {"items": items, "space": found.space, "match": found.match and found.match.as_dict()}


def walks_json(found: Walks, address: Callable[[str], str] | None) -> dict[str, Any]:
    """Give walks; address: gives a route's address that leads to them again, where there is one."""
    return {
        "paths": [_walk_json(walk) for walk in found.walks],
        "mode": found.question.mode,
        "graph": found.graph_id,
        "space": found.space,
        "links": {
            "permalink": address and address("/api/v1/paths"),
            "page": address and address("/path"),
        },
    }


def _walk_json(walk: Walk) -> dict[str, Any]:
    return {
        "images": [image_json(image) for image in walk.images],
        "steps": [step.as_dict() for step in walk.steps],
        "length": walk.length,
        "worst_step": walk.worst_step,
        "variation": walk.variation,
    }
