"""The addresses of images, their files and their pages, and of walks."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from enfilade.queries.images import Filters, Image
from enfilade.queries.paths import Question

__all__ = ["address_without", "file_url", "filter_query", "image_links", "walk_address", "walk_query"]

# Written out, since Flask's url_for took more time than the search for the images that an answer links.


def file_url(image: Image, rendition: str) -> str:
    """Give the address of an image's file.

    `v` changes with the collection: browsers keep files for good, and another collection may come to the same address.
    """
    return f"{request.script_root}/api/v1/images/{image.id}/file?rendition={rendition}&v={_version(image)}"


def image_links(image: Image) -> dict[str, str]:
    """Give where to go on from an image."""
    root = request.script_root
    here = f"{root}/api/v1/images/{image.id}"
    version = _version(image)
    return {
        "self": here,
        "page": f"{root}/images/{image.id}",
        "thumbnail": f"{here}/file?rendition=thumbnail&v={version}",
        "preview": f"{here}/file?rendition=preview&v={version}",
        "neighbours": f"{here}/neighbours",
    }


def filter_query(filters: Filters) -> dict[str, Any]:
    """Give filters by the names of the address; what is not set is left out."""
    plain = {name: getattr(filters, name) for name in ("artist", "style", "genre", "year_from", "year_to")}
    given = {name: value for name, value in plain.items() if value is not None}
    return given | {f"attributes.{name}": value for name, value in filters.attributes.items()}


def walk_query(question: Question) -> dict[str, Any]:
    """Give what a walk is asked for, by the names of the address; what is as usual, and what is a file, is left out."""
    plain = {name: getattr(question, name) for name in ("source", "target", "mode", "between", "alternatives")}
    usual = Question(0, 0)
    given = {
        name: value for name, value in plain.items() if value != getattr(usual, name) and not isinstance(value, bytes)
    }
    several = {"via": list(question.via), "avoid": list(question.avoid)}
    return given | {name: ids for name, ids in several.items() if ids} | filter_query(question.filters)


def walk_address(route: str, question: Question, **more: Any) -> str:  # noqa: ANN401 — ids and names
    """Give the address of a walk at a route: of pages, or of the API."""
    told = walk_query(question) | {name: value for name, value in more.items() if value is not None}
    return f"{request.script_root}{route}?{urlencode(told, doseq=True)}"


def address_without(name: str) -> str:
    """Give the address of this very request, without one parameter."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != name]
    return f"{request.script_root}{request.path}?{urlencode(kept)}"


def _version(image: Image) -> int:
    return int(image.ingested_at.timestamp())
