"""Keep with each space how good it was found to be."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, update

from enfilade.schema import space
from enfilade.spaces import Space

__all__ = ["store_evaluation"]


def store_evaluation(connection: Connection, spaces: Sequence[Space], result: Mapping[str, Any]) -> None:
    """Store the result of an evaluation, as Evaluation.as_dict gives it, with each of the spaces that were measured.

    Each keeps the latest one only: its own figures by label, its structure, and the baselines' figures.
    """
    shared = {key: result[key] for key in ("manifest", "evaluated_at", "images", "baselines")}
    for one in spaces:
        told = {**shared, "labels": result["spaces"][one.name], "structure": result["structure"].get(one.name)}
        connection.execute(update(space).where(space.c.id == one.id).values(evaluation=told))
