"""The wall to choose from what a walk still wants: an end of it, or a picture to go by way of."""

from flask import render_template, request, url_for
from sqlalchemy import Connection

from enfilade.images import FORMATS
from enfilade.queries.images import Image, shown_image, shown_images
from enfilade.queries.paths import Question
from server.pages.hanging import hang
from server.pages.walking import address
from server.services import services

__all__ = ["choose_end", "choose_stop"]

_KEPT = ("source", "target", "mode", "between", "alternatives", "via", "avoid")


def choose_end(connection: Connection, question: Question, space: str | None, *, refusal: str | None = None) -> str:
    """Show what may be the end that is missing; refusal: why the picture that was brought for it was not taken."""
    source, target = (end if isinstance(end, int) else 0 for end in (question.source, question.target))
    there = source == target != 0
    chosen = {"source": source or None, "target": None if there else target or None}

    def lead(image: Image) -> str:
        ends = (source, image.id) if source else (image.id, chosen["target"])
        return url_for("pages.path", source=ends[0], target=ends[1], space=space)

    ends = {name: shown_image(connection, one) if one else None for name, one in chosen.items()}
    return render_template(
        "choose.html",
        **ends,
        wall=hang(connection, "pages.path", lead, **chosen, space=space),
        space=space,
        there=there,
        refusal=refusal,
        largest_bytes=services().settings.max_upload,
        accepted=",".join(FORMATS.values()),
    )


def choose_stop(connection: Connection, question: Question, space: str | None) -> str:
    """Show what a walk may go by way of: what its filters let through."""

    def lead(image: Image) -> str:
        taken = image.id in question.stops
        return address(question, space, via=question.via if taken else (*question.via, image.id))

    kept = {name: request.args.getlist(name) or None for name in _KEPT}
    wall = hang(connection, "pages.path", lead, **kept, space=space, choose="via")
    first, *_, last = shown_images(connection, question.stops)
    return render_template("choose.html", source=first, target=last, wall=wall, space=space, stop=True)
