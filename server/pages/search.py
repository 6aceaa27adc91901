"""`/search`: bring a picture, see its kin."""

from flask import Response, make_response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from enfilade.errors import RefusedImageError
from enfilade.images import FORMATS
from enfilade.queries.images import Filters, count_images
from server.browsing import browse
from server.pages.asking import Asked, ask, words
from server.pages.hanging import FIRST_SORT, Hung, offer
from server.pages.labels import degrees
from server.pages.likeness import space_names
from server.searching import Found, search_upload
from server.services import reading, services

__all__ = ["HITS", "answer", "form"]

HITS = 48
SOME = 12
_STATUS = {"too_many_bytes": 413, "not_an_image": 415, "unsupported_format": 415}
_UNREADABLE = 422


def form() -> Response:
    """Show where a picture is dropped."""
    return _page(ask(request.args), space=words(request.args, "space"))


def answer() -> Response:
    """Show what is nearest to the picture that was sent, or say why it was not taken."""
    try:
        upload = request.files.get("file")
        data = upload.read() if upload else b""
    except RequestEntityTooLarge:
        largest = _megabytes(services().settings.max_upload)
        return _page(Asked(), refusal=f"The file is larger than the {largest} that this server takes.", status=413)
    asked, space = ask(request.form), words(request.form, "space")
    if not data:
        return _page(asked, space=space, refusal="No picture came with it. Choose one first.", status=400)
    try:
        with reading() as connection:
            found = search_upload(
                connection,
                services().embedders,
                data,
                space=space,
                limit=HITS,
                filters=asked.filters,
            )
    except RefusedImageError as refused:
        return _page(asked, space=space, refusal=refused.detail, status=_STATUS.get(refused.reason, _UNREADABLE))
    return _page(asked, space=found.space, found=found)


def _page(
    asked: Asked,
    *,
    space: str | None = None,
    found: Found | None = None,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    with reading() as connection:
        choices = offer(connection, asked)
        spaces = space_names(connection)
        empty = count_images(connection) == 0
        some = [] if found else browse(connection, Filters(), sort=FIRST_SORT, limit=SOME).items
    hits = found and [
        Hung(hit.image, url_for("pages.picture", image_id=hit.image.id, space=found.space), degrees(hit.distance))
        for hit in found.items
    ]
    page = render_template(
        "search.html",
        asked=asked,
        choices=choices,
        spaces=spaces,
        space=space,
        empty=empty,
        hits=hits,
        some=[Hung(image, url_for("pages.picture", image_id=image.id)) for image in some],
        refusal=refusal,
        largest=_megabytes(services().settings.max_upload),
        largest_bytes=services().settings.max_upload,
        accepted=",".join(FORMATS.values()),
    )
    return make_response(page, status)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"
