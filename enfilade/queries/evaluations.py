"""Keep with each space how good it was found to be."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, update

from enfilade.queries.spaces import published_spaces
from enfilade.schema import space

__all__ = ["store_evaluation"]


def store_evaluation(connection: Connection, result: Mapping[str, Any]) -> None:
    """Store the result of an evaluation, as Evaluation.as_dict gives it, with each of the spaces it measured.

    Each keeps the latest one only: its own figures by label, its structure, and the baselines' figures.
    """
    shared = {key: result[key] for key in ("manifest", "evaluated_at", "images", "baselines")}
    for one in published_spaces(connection):
        if one.name in result["spaces"]:
            told = {**shared, "labels": result["spaces"][one.name], "structure": result["structure"].get(one.name)}
            connection.execute(update(space).where(space.c.id == one.id).values(evaluation=told))
