"""What a trained condition gained, on the images that its training never saw."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.errors import TooFewImagesError
from enfilade.evaluation.measures import LabelEvaluation, evaluate_space
from enfilade.queries.spaces import published_spaces
from enfilade.queries.versions import find_version, places_in_both
from enfilade.spaces import Space
from ingest.conditions import labels_of
from ingest.evaluating.sample import Sample
from ingest.held_out import held_out

__all__ = ["measure_held_out", "trained_on", "without_trained_on"]


def measure_held_out(connection: Connection, name: str) -> tuple[str, LabelEvaluation, LabelEvaluation] | None:
    """Measure a condition and a space without training on the images held out, by the condition's label.

    Gives that space's name, its evaluation, and the condition's, compared with it: of the default space, or of another
    untrained one. None where fewer than two images with labels are held out.
    """
    space = find_version(connection, name).space
    other = next((one for one in published_spaces(connection) if "condition" not in one.recipe), None)
    condition = space.recipe["condition"]
    ids, places, others = places_in_both(connection, space, other or space)
    by_id = labels_of(connection, condition["label"])
    told = [by_id[image_id] for image_id in ids.tolist()]
    kept = [place for place, (digest, value) in enumerate(told) if value and held_out(digest, condition["held_out"])]
    if other is None or len(kept) < 2:  # noqa: PLR2004 — one to ask for, one to find
        return None
    labels = {condition["label"]: [told[place][1] for place in kept]}
    keys = [told[place][0] for place in kept]
    before = evaluate_space(others[kept], labels, keys, with_structure=False)
    after = evaluate_space(places[kept], labels, keys, default=(other.name, before), with_structure=False)
    return other.name, before.labels[condition["label"]], after.labels[condition["label"]]


def trained_on(connection: Connection, sample: Sample) -> dict[str, NDArray[np.bool_]]:
    """Tell for each published condition which pictures of a sample its training has seen: (n,)."""
    return {
        space.name: _seen(connection, space, sample.keys)
        for space in published_spaces(connection)
        if "condition" in space.recipe
    }


def without_trained_on(sample: Sample, seen: Mapping[str, NDArray[np.bool_]]) -> Sample:
    """Leave out of a sample what any condition was trained on. Raises TooFewImagesError where too few are left."""
    by_any = np.zeros(len(sample.keys), dtype=bool)
    for by_one in seen.values():
        by_any |= by_one
    left = np.flatnonzero(~by_any)
    if len(left) < 2:  # noqa: PLR2004 — one to ask for, one to find
        raise TooFewImagesError("Every picture but one, or none, was seen in training. Evaluate on others.")
    return sample.only(left)


def _seen(connection: Connection, space: Space, keys: Sequence[bytes]) -> NDArray[np.bool_]:
    condition = space.recipe["condition"]
    labelled = {digest for digest, value in labels_of(connection, condition["label"]).values() if value}
    return np.array([key in labelled and not held_out(key, condition["held_out"]) for key in keys], dtype=bool)
