"""`/path`: choose two pictures, walk from one to the other through rooms that look alike."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from enfilade.errors import EmptyCollectionError
from enfilade.queries.images import Image
from enfilade.queries.paths import Step
from server.browsing import shown_image
from server.pages.asking import LARGEST_ID, image_id, number, words
from server.pages.chance import any_image
from server.pages.hanging import hang
from server.pages.likeness import in_each_space
from server.services import reading, services
from server.walking import Walk, walk

__all__ = ["Room", "pick", "rooms", "show"]


@dataclass(frozen=True, slots=True)
class Room:
    """A picture on a path, and the step that leads to it: none to the first."""

    image: Image
    step: Step | None
    widest: bool


def show() -> str:
    """Show the walk, once both of its ends are chosen; until then, the wall to choose from."""
    source, target = image_id(request.args, "source"), image_id(request.args, "target")
    space = words(request.args, "space")
    with reading() as connection:
        if source is None or target is None:
            return _choose(connection, source, target, space)
        graph = number(request.args, "graph", 0, LARGEST_ID)
        found = walk(connection, services().graphs, source, target, space=space, graph=graph)
        spaces = in_each_space(connection, lambda name: url_for("pages.path", source=source, target=target, space=name))
    return render_template("path.html", walk=found, rooms=rooms(found), graph=graph, space=space, spaces=spaces)


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


def rooms(found: Walk) -> list[Room]:
    """Give each picture of a walk with the step that leads to it, and mark the widest step: the first of several."""
    distances = [step.distance for step in found.steps]
    widest = distances.index(max(distances)) if len(distances) > 1 else None
    steps: list[Step | None] = [None, *found.steps]
    return [
        Room(image, step, widest is not None and at == widest + 1)
        for at, (image, step) in enumerate(zip(found.images, steps, strict=True))
    ]


def _choose(connection: Connection, source: int | None, target: int | None, space: str | None) -> str:
    def lead(image: Image) -> str:
        if source is None:
            return url_for("pages.path", source=image.id, target=target, space=space)
        return url_for("pages.path", source=source, target=image.id, space=space)

    ends = [None if end is None else shown_image(connection, end) for end in (source, target)]
    wall = hang(connection, "pages.path", lead, source=source, target=target, space=space)
    return render_template("choose.html", source=ends[0], target=ends[1], wall=wall, space=space)
