"""`/`: the wall, the collection's pictures with filters and pages."""

from flask import render_template, url_for

from server.pages.hanging import hang
from server.services import reading

__all__ = ["show"]


def show() -> str:
    """Show a page of the wall."""
    with reading() as connection:
        wall = hang(connection, "pages.wall", lambda image: url_for("pages.picture", image_id=image.id))
    return render_template("wall.html", wall=wall)
