"""What went wrong, told on a page. Needs no database: it may be the database that is away."""

from flask import Response, make_response, render_template

__all__ = ["render_error"]


def render_error(status: int, title: str, detail: str) -> Response:
    """Make the page of an error: a title, a sentence that says what to do, and ways back."""
    return make_response(render_template("error.html", status=status, title=title, detail=detail), status)
