"""By which likeness a page answers: the published spaces, and the addresses of the page in each."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from enfilade.queries.spaces import published_graphs

__all__ = ["in_each_space", "space_names"]


def space_names(connection: Connection) -> list[str]:
    """Name the published spaces, the default one first."""
    return [published.space_name for published in published_graphs(connection)]


def in_each_space(connection: Connection, address: Callable[[str], str]) -> Mapping[str, str]:
    """Give each published space's name with the address of a page in it."""
    return {name: address(name) for name in space_names(connection)}
