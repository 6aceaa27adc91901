"""Do two pictures show the same thing in the same arrangement? Keypoints matched, and the one view that explains them.

Consensus: a homography by MAGSAC++ (Barath et al., 2020), by OpenCV. Knows no database.
"""

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from enfilade.confidence.keypoints import SIDE, Keypoints
from enfilade.confidence.matching import match_codes

__all__ = ["Agreement", "agree"]

_RATIO: Final = 0.85
_TOLERANCE: Final = SIDE / 64
"""Pixels a keypoint may lie off where the view puts it."""
_ITERATIONS: Final = 1000
_SURE: Final = 0.999
_NEEDED: Final = 4
_LARGEST_SCALE: Final = 8.0
_Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two pictures agree: keypoints that match by looks, and those of them that one view explains, inliers."""

    matches: int
    inliers: int


def agree(query: Keypoints, member: Keypoints) -> Agreement:
    """Match a query's keypoints with a member's and count those that agree on one view of the member.

    The view is a homography that neither mirrors the picture nor scales it by more than 8: a scan, a crop, a turn or
    a photograph from aside is one. The same keypoints give the same counts.
    """
    here, there = _matched(query, member)
    if len(here) < _NEEDED:
        return Agreement(len(here), 0)
    found, mask = cv2.findHomography(here, there, cv2.USAC_MAGSAC, _TOLERANCE, None, _ITERATIONS, _SURE)
    view = cast("NDArray[np.float64] | None", found)  # OpenCV's types don't tell that it may be None
    explained = np.zeros(len(here), dtype=bool) if view is None else np.asarray(mask).ravel() > 0
    if view is None or not _possible(view, here[explained]):
        return Agreement(len(here), 0)
    return Agreement(len(here), int(explained.sum()))


def _matched(query: Keypoints, member: Keypoints) -> tuple[_Points, _Points]:
    """Pair keypoints that are each other's nearest, clearly nearer than the query's second: two of (m, 2)."""
    if min(len(query), len(member)) < _NEEDED:
        return query.positions[:0], member.positions[:0]
    ours, theirs = match_codes(query.codes, member.codes, _RATIO)
    return query.positions[ours], member.positions[theirs]


def _possible(view: NDArray[np.float64], points: _Points) -> bool:
    """Tell whether a view keeps the picture's side up and its size in bounds, at each of the points (n, 2)."""
    depth = points @ view[2, :2] + view[2, 2]
    # The area that a homography gives a unit of area at a point: its determinant over the cube of the depth.
    with np.errstate(all="ignore"):  # a point may lie on the horizon, where the area is no number and no view
        areas = np.linalg.det(view) / depth**3
    return bool(np.all((areas > _LARGEST_SCALE**-2) & (areas < _LARGEST_SCALE**2)))
