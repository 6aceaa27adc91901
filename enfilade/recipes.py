"""Recipes: what must be known to make a vector again, and a hash that changes with any part of it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

__all__ = ["recipe_hash"]


def recipe_hash(recipe: Mapping[str, Any]) -> str:
    """Hash a recipe by its content: the order of its members does not matter. 64 hexadecimal digits."""
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return sha256(canonical.encode()).hexdigest()
