"""What people see: pages that need no JavaScript. Which address shows what is told here, and nowhere else."""

from flask import Blueprint

from server.links import file_url
from server.pages import assets, labels, path, picture, rooms, search, wall
from server.pages.errors import render_error

__all__ = ["blueprint", "render_error"]

# An id is a bigint; a greater number names no picture, and would be an error to Postgres.
_IMAGE = "/images/<int(max=9223372036854775807):image_id>"

blueprint = Blueprint("pages", __name__, template_folder="../templates")
blueprint.add_url_rule("/", "wall", wall.show)
blueprint.add_url_rule(_IMAGE, "picture", picture.show)
blueprint.add_url_rule("/search", "search", search.form)
blueprint.add_url_rule("/search", "found", search.answer, methods=["POST"])
blueprint.add_url_rule("/path", "path", path.show)
blueprint.add_url_rule("/path", "bring_end", path.bring, methods=["POST"])
blueprint.add_url_rule("/path/random", "random_path", path.pick)
blueprint.add_url_rule("/static/<digest>/<name>", "asset", assets.send)
blueprint.add_url_rule("/favicon.ico", "favicon", assets.favicon)

# For the whole app, since error pages answer addresses that belong to no blueprint.
for name in (assets.csp_nonce, assets.static_url, file_url):
    blueprint.add_app_template_global(name)
for label in (labels.alternative, labels.byline, labels.degrees, labels.proportion, labels.title, labels.year):
    blueprint.add_app_template_filter(label)
blueprint.add_app_template_filter(rooms.reasons)
