"""`/path`: choose two pictures, walk from one to the other through rooms that look alike."""

from dataclasses import replace
from typing import Any

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from enfilade.errors import (
    BetweenOutOfRangeError,
    DroppedGraphError,
    EmptyCollectionError,
    FilteredPathError,
    NoPathError,
    RefusedImageError,
)
from enfilade.queries.images import find_images
from enfilade.queries.paths import MODES, Question
from server.noting import note
from server.pages.asking import LARGEST_ID, Asked, image_id, number, words
from server.pages.chance import any_image
from server.pages.choosing import choose_end, choose_stop
from server.pages.hanging import Hung, offer
from server.pages.labels import title
from server.pages.likeness import in_each_space
from server.pages.rooms import rooms
from server.pages.walking import MOST_STOPS, address, ask_walk, turns
from server.services import reading, services
from server.walking import walk

__all__ = ["bring", "pick", "show"]


def show() -> str | FlaskResponse:
    """Show the walks, once both ends are chosen; until then, or for another stop, the wall to choose from."""
    question, space = ask_walk(request.args), words(request.args, "space")
    graph = number(request.args, "graph", 1, LARGEST_ID)
    with reading() as connection:
        if not (question.source and question.target) or question.source == question.target:
            return choose_end(connection, question, space)
        if words(request.args, "choose") == "via":
            return choose_stop(connection, question, space)
        try:
            return _answer(connection, question, space, graph)
        except DroppedGraphError:
            return _answer(connection, question, space, None, dropped=True)


def bring() -> FlaskResponse:
    """Show the walks from or to a picture that is brought; the other end is chosen."""
    upload = request.files.get("file")
    data, space = upload.read() if upload else b"", words(request.form, "space")
    ends = {name: image_id(request.form, name) for name in ("source", "target")}
    missing = "target" if ends["source"] else "source"
    question = ask_walk(request.form, **{missing: data})
    with reading() as connection:
        try:
            if data:
                return _answer(connection, question, space, None)
            refusal, status = "No picture came with it. Choose one first.", 400
        except RefusedImageError as refused:
            refusal, status = refused.detail, 422
        return make_response(choose_end(connection, question, space, refusal=refusal), status)


def pick() -> Response:
    """Lead to a walk from the source asked for, or from any, to any other picture."""
    source, space = image_id(request.args, "source"), words(request.args, "space")
    try:
        with reading() as connection:
            source = any_image(connection) if source is None else source
            target = any_image(connection, other_than=source)
    except EmptyCollectionError:
        return redirect(url_for("pages.path", source=source, space=space))
    return redirect(url_for("pages.path", source=source, target=target, space=space))


def _answer(
    connection: Connection, question: Question, space: str | None, graph: int | None, *, dropped: bool = False
) -> FlaskResponse:
    try:
        found = walk(connection, services().graphs, services().embedders, question, space=space, graph=graph)
    except (BetweenOutOfRangeError, NoPathError) as error:
        return _astray(connection, question, space, error)
    note("path", found)
    linked, space = question.members_only, found.space
    page = render_template(
        "path.html",
        **_shown(connection, question, space),
        walks=[
            (one, rooms(one, lambda image: address(question, space, avoid=(*question.avoid, image))))
            for one in found.walks
        ],
        found=found,
        linked=linked,
        kept=graph,
        dropped=dropped,
        spaces=in_each_space(connection, lambda name: address(question, name)) if linked else {},
        modes={mode: address(replace(question, between=None), space, mode=mode) for mode in MODES} if linked else {},
        permalink=address(question, space, graph=found.graph_id) if linked else None,
    )
    return make_response(page)


def _astray(
    connection: Connection, question: Question, space: str | None, error: BetweenOutOfRangeError | NoPathError
) -> FlaskResponse:
    """Say why there is no such walk, and what there is instead."""
    status, instead = 404, None
    needed: tuple[int, ...] = ()
    if isinstance(error, BetweenOutOfRangeError):
        status = 422
        instead = address(question, space, between=min(max(question.between or 0, error.least), error.most))
    elif isinstance(error, FilteredPathError):
        needed = error.relaxation
        if not question.via and len(needed) <= MOST_STOPS:
            instead = address(question, space, via=needed)
    images = find_images(connection, needed)
    hung = [Hung(images[one], url_for("pages.picture", image_id=one, space=space)) for one in needed]
    page = render_template(
        "astray.html",
        **_shown(connection, question, space),
        error=str(error),
        needed=hung,
        instead=instead if question.members_only else None,
    )
    return make_response(page, status)


def _shown(connection: Connection, question: Question, space: str | None) -> dict[str, Any]:
    """Give what every page of walks tells of what was asked: the ends, what else, and how to ask otherwise."""
    ids = [one for one in (question.source, question.target) if isinstance(one, int)]
    images = find_images(connection, [*ids, *question.via, *question.avoid])
    asked = _asked(question)
    return {
        "question": question,
        "space": space,
        "ends": [images[one] if isinstance(one, int) else None for one in (question.source, question.target)],
        "turns": turns(question, space, {one: title(image) for one, image in images.items()})
        if question.members_only
        else [],
        "address": lambda **changed: address(question, space, **changed),
        "asked": asked,
        "choices": offer(connection, asked),
    }


def _asked(question: Question) -> Asked:
    filters = question.filters
    return Asked(
        None, filters.artist, filters.style, filters.genre, filters.year_from, filters.year_to, filters.attributes
    )
