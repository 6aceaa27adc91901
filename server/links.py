"""The addresses of images, their files and their pages."""

from flask import request

from enfilade.queries.images import Image

__all__ = ["file_url", "image_links"]

# Written out, since Flask's url_for took more time than the search for the images that an answer links.


def file_url(image: Image, rendition: str) -> str:
    """Give the address of an image's file.

    `v` changes with the collection: browsers keep files for good, and another collection may come to the same address.
    """
    version = f"{image.ingested_at.timestamp():.0f}"
    return f"{request.script_root}/api/v1/images/{image.id}/file?rendition={rendition}&v={version}"


def image_links(image: Image) -> dict[str, str]:
    """Give where to go on from an image."""
    here = f"{request.script_root}/api/v1/images/{image.id}"
    return {
        "self": here,
        "page": f"{request.script_root}/images/{image.id}",
        "thumbnail": file_url(image, "thumbnail"),
        "preview": file_url(image, "preview"),
        "neighbours": f"{here}/neighbours",
    }
