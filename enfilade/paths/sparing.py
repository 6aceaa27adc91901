"""Whom a path keeps off so that no step of it leads from one image of a work to another. Knows no search."""

from collections.abc import Collection, Sequence

import numpy as np

from enfilade.paths.ends import Limits
from enfilade.paths.graph import PathGraph

__all__ = ["spare_images"]


def spare_images(
    graph: PathGraph, groups: Sequence[Collection[int]], limits: Limits, stops: Collection[int]
) -> set[int]:
    """Choose of each group of images that show one work all but one: the first that a walk within the limits may show.

    groups: ids. stops: the ends and waypoints that are images; a group keeps those it has, and no other.
    """
    members = np.array([image_id for group in groups for image_id in group], dtype=np.int64)
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    rows = graph.find(members)
    open_rows = rows if limits.allowed is None else rows[limits.allowed[rows]]
    may_stand = np.isin(members, graph.ids[open_rows]) & ~np.isin(members, list(limits.avoid))
    kept = np.isin(members, list(stops))
    may_stand[np.isin(number, number[kept])] = False
    _, first = np.unique(number[may_stand], return_index=True)
    kept[np.flatnonzero(may_stand)[first]] = True
    return set(members[~kept].tolist())
