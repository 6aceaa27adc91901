import json
from dataclasses import replace

import numpy as np
import pytest

from enfilade.confidence import Agreement, CalibrationParameters, Evidence, Verdict, judge
from enfilade.confidence.augmentations import AUGMENTATIONS
from enfilade.confidence.logistic import Logistic
from enfilade.confidence.reliability import reliability
from enfilade.confidence.same_work import (
    WORTH_MOVING,
    best_of,
    fit_same_work,
    order_candidates,
    rehearsals,
    same_work,
)
from enfilade.confidence.verdict import UNSURE
from enfilade.errors import CalibrationError

FITTED = fit_same_work(
    [Agreement(200, count) for count in (15, 40, 80, 160, 200)], [Agreement(30, count) for count in (0, 4, 5, 6, 9)]
)


def test_more_inliers_never_make_a_match_less_probable() -> None:
    told = same_work(FITTED, [Agreement(300, count) for count in range(300)])
    assert np.all(np.diff(told) >= 0)
    assert told[5] < 0.2
    assert told[100] > 0.8


def test_calibration_is_the_same_for_the_same_seed() -> None:
    assert rehearsals(1000, 60, seed=4) == rehearsals(1000, 60, seed=4) != rehearsals(1000, 60, seed=5)


def test_rehearsals_take_each_member_once_and_every_kind_as_often() -> None:
    plan = rehearsals(50, 400, seed=0)
    assert sorted(one.member for one in plan) == list(range(50))
    kinds = [one.kind for one in rehearsals(1000, 60, seed=0)]
    assert {kinds.count(kind) for kind in AUGMENTATIONS} == {3}


def test_probable_matches_come_first_and_the_rest_stay_as_they_were() -> None:
    assert order_candidates(np.array([0.1, 0.3, 0.7, 0.02, 0.99])).tolist() == [4, 2, 0, 1, 3]
    assert order_candidates(np.empty(0)).tolist() == []


def test_the_best_agreement_has_most_inliers() -> None:
    assert best_of([Agreement(50, 3), Agreement(9, 8)]) == Agreement(9, 8)
    assert best_of([]) == Agreement(0, 0)
    assert same_work(FITTED, []).shape == (0,)


def test_a_verdict_grows_with_the_probability() -> None:
    words = [Verdict(probability, 0.9).verdict for probability in (0, 0.5, 1)]
    assert words == ["none", "unsure", "match"]
    assert len({Verdict(0.0, kind).sentence for kind in (0, 1)}) == 2


def parameters() -> CalibrationParameters:
    return CalibrationParameters(
        same_work=FITTED,
        kind=Logistic((10.0,), -5.0),
        alike={},
        members=5,
        witnesses=(),
        rehearsed=5,
        strangers=9,
        seed=1,
    )


def test_the_best_candidate_comes_first_where_it_may_be_the_work_and_is_named() -> None:
    counts = {inliers: float(same_work(FITTED, [Agreement(60, inliers)])[0]) for inliers in range(60)}
    doubtful = next(inliers for inliers, probability in counts.items() if probability >= UNSURE)
    assert counts[doubtful] < WORTH_MOVING
    unsure = judge(parameters(), Evidence((7, 8, 9), (Agreement(60, 0), Agreement(60, doubtful), Agreement(60, 1)), 1))
    assert (unsure.verdict.verdict, unsure.verdict.image_id, unsure.first) == ("unsure", 8, (8,))
    none = judge(parameters(), Evidence((7, 8), (Agreement(60, 0), Agreement(60, 1)), 1))
    assert (none.verdict.verdict, none.verdict.image_id, none.first) == ("none", None, ())
    match = judge(parameters(), Evidence((7, 8, 9), (Agreement(60, 0), Agreement(300, 200), Agreement(300, 250)), 1))
    assert (match.verdict.verdict, match.verdict.image_id, match.first) == ("match", 9, (9, 8))


def test_a_verdict_says_where_its_image_is_not_among_what_was_asked_for() -> None:
    for probability in (0.5, 0.9):
        told = Verdict(probability, 0.9, image_id=8)
        assert "not among what you asked for" not in told.sentence.replace("that one is ", "")
        assert "among what you asked for" in replace(told, among=False).sentence


def test_parameters_come_back_from_json() -> None:
    curve = Logistic((1.0,), -2.0)
    parameters = CalibrationParameters(
        same_work=FITTED,
        kind=curve,
        alike={"artist": curve, "year": None},
        members=5,
        witnesses=("a", "b"),
        rehearsed=5,
        strangers=9,
        seed=1,
    )
    told = json.loads(json.dumps(parameters.as_dict()))
    assert CalibrationParameters.from_dict(told) == parameters
    with pytest.raises(CalibrationError):
        CalibrationParameters.from_dict({**told, "method": 0})


def test_honest_probabilities_have_no_calibration_error_and_boasts_have() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.random(50_000)
    honest = reliability(probabilities, rng.random(50_000) < probabilities)
    boast = reliability(np.full(100, 0.9), np.arange(100) < 40)
    assert honest.expected_calibration_error < 0.02
    assert boast.expected_calibration_error == pytest.approx(0.5)
    assert [one.count for one in boast.bins] == [100]
    assert reliability(np.empty(0), np.empty(0, dtype=bool)).expected_calibration_error == 0
