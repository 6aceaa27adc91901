"""`/search`: bring a picture, see its kin."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import RequestEntityTooLarge

from enfilade.errors import RefusedImageError
from enfilade.images import FORMATS
from enfilade.queries.images import Filters, Image, count_images
from server.browsing import browse
from server.errors import UnfetchableUrlError
from server.noting import note
from server.pages.hanging import FIRST_SORT, Hung, Way, offer
from server.pages.hits import hang_hits
from server.pages.liked import show_liked
from server.pages.likeness import space_names
from server.pages.liking import ask_liking, begin
from server.pages.sending import PARTS, Sent, ask_sent, sent_file
from server.problems import REFUSED
from server.searching import Found, search_upload
from server.services import fetch, reading, services

__all__ = ["HITS", "answer", "form"]

HITS = 48
SOME = 12
_UNREADABLE = 422


def form() -> Response:
    """Show where a picture is dropped; or, where some of the collection are to be liked, what is nearest to them."""
    liking = ask_liking(request.args)
    return make_response(show_liked(liking)) if liking else _page(replace(ask_sent(request.args), url=""))


def answer() -> Response:
    """Show what is nearest to the picture that was sent, or say why it was not taken."""
    try:
        data = sent_file()
    except RequestEntityTooLarge:
        largest = _megabytes(services().settings.max_upload)
        return _page(Sent(), refusal=f"The file is larger than the {largest} that this server takes.", status=413)
    sent = ask_sent(request.form)
    if data or not services().fetcher.on:
        sent = replace(sent, url="")
    if not (data or sent.url):
        return _page(sent, refusal="No picture came with it. Choose one first.", status=400)
    try:
        found = _search(fetch(sent.url) if sent.url else data, sent)
    except (RefusedImageError, UnfetchableUrlError) as refused:
        return _page(sent, refusal=str(refused), status=REFUSED.get(refused.reason, _UNREADABLE))
    note("search_url" if sent.url else "search_upload", found)
    return _page(replace(sent, space=found.space), found=found)


def _search(data: bytes, sent: Sent) -> Found:
    brought = services().embedders.read(data, sent.crop)
    with reading() as connection:
        return search_upload(
            connection,
            services().judges,
            brought,
            space=sent.space,
            limit=HITS,
            filters=sent.asked.filters,
            duplicates=sent.duplicates,
        )


def _page(sent: Sent, *, found: Found | None = None, refusal: str | None = None, status: int = 200) -> Response:
    with reading() as connection:
        offered = {
            "choices": offer(connection, sent.asked),
            "spaces": space_names(connection),
            "empty": count_images(connection) == 0,
            "some": [] if found else _some(connection),
        }
    page = render_template(
        "search.html",
        sent=sent,
        asked=sent.asked,
        parts=PARTS,
        hits=found and hang_hits(found, found.space, lambda image: _ways(image, sent)),
        match=found and found.match,
        fetching=services().fetcher.on,
        refusal=refusal,
        largest=_megabytes(services().settings.max_upload),
        largest_bytes=services().settings.max_upload,
        accepted=",".join(FORMATS.values()),
        **offered,
    )
    return make_response(page, status)


def _ways(image: Image, sent: Sent) -> Iterator[Way]:
    yield Way("More like this", begin(image.id, sent.space, sent.asked, duplicates=sent.duplicates))


def _some(connection: Connection) -> list[Hung]:
    images = browse(connection, Filters(), sort=FIRST_SORT, limit=SOME).items
    return [Hung(image, url_for("pages.picture", image_id=image.id)) for image in images]


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"
