"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from enfilade.queries.images import Filters

__all__ = ["IMAGE_ID", "filter_options", "filters_from", "json_option", "space_option"]

IMAGE_ID = click.IntRange(1, 2**63 - 1)
YEAR = click.IntRange(-9999, 9999)
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
space_option: Decorator = click.option(
    "--space", metavar="NAME", help="The space of likeness; by default the default one."
)


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that narrow an answer to some images."""
    for option in (
        click.option(
            "--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="Only with this attribute."
        ),
        click.option("--year-to", type=YEAR, help="Only what may have been made in or before this year."),
        click.option("--year-from", type=YEAR, help="Only what may have been made in or after this year."),
        click.option("--genre", help="Only of this genre."),
        click.option("--style", help="Only of this style."),
        click.option("--artist", help="Only by this artist."),
    ):
        function = option(function)
    return function


def filters_from(attributes: tuple[str, ...], **others: Any) -> Filters:  # noqa: ANN401 — as click gives them
    """Make filters of what filter_options gave. Raises click.BadParameter."""
    pairs = [attribute.partition("=") for attribute in attributes]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise click.BadParameter(f"{name!r} is not NAME=VALUE.", param_hint="--attribute")
    return Filters(attributes={name: value for name, _, value in pairs}, **others)
