import json
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pytest
from numpy.typing import NDArray

from enfilade.errors import TooFewImagesError
from enfilade.evaluation.baselines import random_vectors, shuffled
from enfilade.evaluation.directions import unit_rows
from enfilade.evaluation.measures import Labels, SpaceEvaluation, differences, evaluate_space
from enfilade.evaluation.result import Evaluation

N = 120
KEYS = [sha256(str(image).encode()).digest() for image in range(N)]
ARTISTS = [f"artist {image % 12}" for image in range(N)]
STYLES = [f"style {image % 3}" if image % 5 else None for image in range(N)]
LABELS: Labels = {"artist": ARTISTS, "style": STYLES}
GROUPS = {"style": ARTISTS}


def by_artist(noise: float) -> NDArray[np.float32]:
    rows = np.eye(12)[np.arange(N) % 12] + noise * np.random.default_rng(0).normal(size=(N, 12))
    return unit_rows(rows)


def measure(vectors: NDArray[np.float32], default: SpaceEvaluation | None = None) -> SpaceEvaluation:
    versus = None if default is None else ("kinship", default)
    return evaluate_space(vectors, LABELS, KEYS, GROUPS, default=versus)


def test_a_space_differs_from_itself_by_exactly_nothing() -> None:
    one = measure(by_artist(0.5))
    told = measure(by_artist(0.5), one).as_dict()
    for label in LABELS:
        assert told[label]["versus"] == {"space": "kinship", "map_at_10": 0.0, "interval": [0.0, 0.0]}
    assert all(found["difference"] == 0 for found in differences(one, one).values())


def test_a_better_space_differs_by_an_interval_without_nought() -> None:
    versus = measure(by_artist(0.1), measure(by_artist(0.5))).as_dict()["artist"]["versus"]
    assert 0 < versus["interval"][0] <= versus["map_at_10"] <= versus["interval"][1]


def test_a_space_of_artists_finds_artists_better_than_chance_and_shuffled_labels_do_not() -> None:
    assert measure(by_artist(0.1)).as_dict()["artist"]["map_at_10"] > 0.9
    dealt = {label: shuffled(values) for label, values in LABELS.items()}
    by_chance = evaluate_space(by_artist(0.1), dealt, KEYS, GROUPS).as_dict()["artist"]
    assert by_chance["map_at_10"] < 0.2
    assert by_chance["pairs"]["interval"][0] < 0.5 < by_chance["pairs"]["interval"][1]


def test_what_is_given_is_plain_json_with_every_interval_about_its_figure() -> None:
    space = measure(by_artist(0.3))
    evaluation = Evaluation("m.csv", datetime.now(UTC), N, LABELS, {"kinship": space}, {"random": space})
    told = evaluation.as_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["labels"]["style"] == {"images": 96, "values": 3}
    for found in told["spaces"]["kinship"].values():
        assert found["interval"][0] <= found["map_at_10"] <= found["interval"][1]
        assert found["p_at_1_interval"][0] <= found["p_at_1"] <= found["p_at_1_interval"][1]
        assert found["pairs"]["interval"][0] <= found["pairs"]["roc_auc"] <= found["pairs"]["interval"][1]
    assert told["structure"]["kinship"]["hubness"]["rescaled"]["images"] == N


def test_a_label_may_be_called_as_a_measure_is() -> None:
    labels = {"hubness": ARTISTS, "connectedness": ARTISTS}
    space = evaluate_space(by_artist(0.3), labels, KEYS)
    told = Evaluation("m.csv", datetime.now(UTC), N, labels, {"kinship": space}).as_dict()
    assert set(told["spaces"]["kinship"]) == set(labels)
    assert "skew" in told["structure"]["kinship"]["hubness"]


def test_a_label_that_nobody_has_is_told_as_nothing() -> None:
    found = evaluate_space(random_vectors(3), {"style": [None, None, None]}, KEYS[:3]).as_dict()["style"]
    assert (found["queries"], found["map_at_10"], found["interval"], found["pairs"]) == (0, None, None, None)


def test_two_images_are_enough_and_one_is_not() -> None:
    found = evaluate_space(random_vectors(2), {"style": ["a", "a"]}, KEYS[:2])
    assert found.as_dict()["style"]["map_at_10"] == 1
    with pytest.raises(TooFewImagesError):
        evaluate_space(random_vectors(1), {"style": ["a"]}, KEYS[:1])


def test_figures_of_other_queries_do_not_compare() -> None:
    other = evaluate_space(by_artist(0.3), {"artist": [None, *ARTISTS[1:]], "style": STYLES}, KEYS)
    with pytest.raises(ValueError, match="same queries"):
        measure(by_artist(0.3), other)


@pytest.mark.parametrize("fault", ["keys", "labels", "groups"])
def test_every_image_needs_a_key_and_a_place_in_each_label(fault: str) -> None:
    keys = KEYS[:-1] if fault == "keys" else KEYS
    labels = {"style": STYLES[:-1] if fault == "labels" else STYLES}
    groups = {"style": ARTISTS[:-1] if fault == "groups" else ARTISTS}
    with pytest.raises(ValueError, match="every image"):
        evaluate_space(by_artist(0.3), labels, keys, groups)
