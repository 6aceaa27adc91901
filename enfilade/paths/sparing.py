"""Whom a path keeps off so that no step of it leads from one image of a work to another. Knows no search."""

from collections.abc import Collection, Iterable
from itertools import islice

from enfilade.paths.ends import Limits
from enfilade.paths.graph import PathGraph

__all__ = ["spare_images"]


def spare_images(
    graph: PathGraph, groups: Iterable[Collection[int]], limits: Limits, stops: Collection[int]
) -> set[int]:
    """Choose of each group of images that show one work all but one: the first that a walk within the limits may show.

    groups: ids. stops: the ends and waypoints that are images; a group keeps those it has, and no other.
    """
    spare: set[int] = set()
    for group in groups:
        kept = set(stops).intersection(group) or set(islice((one for one in group if _open(graph, limits, one)), 1))
        spare |= set(group) - kept
    return spare


def _open(graph: PathGraph, limits: Limits, image_id: int) -> bool:
    row = graph.find([image_id])
    if not len(row) or image_id in limits.avoid:
        return False
    return limits.allowed is None or bool(limits.allowed[row[0]])
