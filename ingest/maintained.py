"""Which spaces an ingest keeps up to date: those that are published, and the default ones that were never built."""

from pathlib import Path

from sqlalchemy import Connection, select

from enfilade.errors import BackboneError
from enfilade.queries.spaces import published_spaces
from enfilade.schema import space
from enfilade.spaces import DEFAULT_RECIPES, Space, SpaceRecipe, recall_recipe

__all__ = ["maintained_recipes"]


def maintained_recipes(connection: Connection, home: Path) -> list[SpaceRecipe]:
    """Give the recipes of these spaces, the default space first.

    What is published keeps its own recipe, also where this version of Enfilade would make it otherwise, and what was
    retired stays retired: `enfilade spaces` changes both. Raises BackboneError where a network is not to be had.
    """
    published = [_recall(one, home) for one in published_spaces(connection)]
    ever = set(connection.scalars(select(space.c.name)))
    return published + [recipe for recipe in DEFAULT_RECIPES if recipe.name not in ever]


def _recall(published: Space, home: Path) -> SpaceRecipe:
    try:
        return recall_recipe(published.name, published.recipe, home)
    except BackboneError as error:
        raise BackboneError(f"{error} Or `enfilade spaces retire {published.name}` does without the space.") from error
