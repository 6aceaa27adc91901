"""The addresses of images, their files and their pages."""

from flask import request

from enfilade.queries.images import Image

__all__ = ["file_url", "image_links"]

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


def _version(image: Image) -> int:
    return int(image.ingested_at.timestamp())
