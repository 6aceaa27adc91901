"""`/search`: bring a picture, see its kin."""

from flask import Response, make_response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from enfilade.errors import RefusedImageError
from enfilade.images import FORMATS
from enfilade.queries.images import Filters, count_images
from server.browsing import browse
from server.errors import UnfetchableUrlError
from server.noting import note
from server.pages.asking import Asked, ask, words
from server.pages.hanging import FIRST_SORT, Hung, offer
from server.pages.hits import hang_hits
from server.pages.likeness import space_names
from server.searching import Found, search_upload
from server.services import fetch, reading, services

__all__ = ["HITS", "answer", "form"]

HITS = 48
SOME = 12
_STATUS = {"too_many_bytes": 413, "not_an_image": 415, "unsupported_format": 415, "busy": 503}
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
    url = request.form.get("url", "").strip() if services().fetcher.on and not data else ""
    if not (data or url):
        return _page(asked, space=space, refusal="No picture came with it. Choose one first.", status=400)
    duplicates = request.form.get("duplicates") == "all"
    try:
        picture = services().embedders.decode(fetch(url) if url else data)
        with reading() as connection:
            found = search_upload(
                connection,
                services().judges,
                picture,
                space=space,
                limit=HITS,
                filters=asked.filters,
                duplicates=duplicates,
            )
    except (RefusedImageError, UnfetchableUrlError) as refused:
        status = _STATUS.get(refused.reason, _UNREADABLE)
        return _page(asked, space=space, url=url, refusal=str(refused), status=status)
    note("search_url" if url else "search_upload", found)
    return _page(asked, space=found.space, url=url, found=found, duplicates=duplicates)


def _page(
    asked: Asked,
    *,
    space: str | None = None,
    url: str = "",
    found: Found | None = None,
    duplicates: bool = False,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    with reading() as connection:
        choices = offer(connection, asked)
        spaces = space_names(connection)
        empty = count_images(connection) == 0
        some = [] if found else browse(connection, Filters(), sort=FIRST_SORT, limit=SOME).items
    page = render_template(
        "search.html",
        asked=asked,
        choices=choices,
        spaces=spaces,
        space=space,
        empty=empty,
        hits=found and hang_hits(found, found.space),
        match=found and found.match,
        duplicates=duplicates,
        fetching=services().fetcher.on,
        url=url,
        some=[Hung(image, url_for("pages.picture", image_id=image.id)) for image in some],
        refusal=refusal,
        largest=_megabytes(services().settings.max_upload),
        largest_bytes=services().settings.max_upload,
        accepted=",".join(FORMATS.values()),
    )
    return make_response(page, status)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"
