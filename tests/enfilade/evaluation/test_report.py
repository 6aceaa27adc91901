import re
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from enfilade.confidence import Verdict
from enfilade.evaluation.baselines import random_vectors
from enfilade.evaluation.charts import bars, dots
from enfilade.evaluation.lines import HEIGHT, WIDTH, lines
from enfilade.evaluation.measures import Labels, SpaceEvaluation, differences, evaluate_space
from enfilade.evaluation.overlap import overlap_by_dimensions
from enfilade.evaluation.reliability_plot import ENDS, SIDE, points
from enfilade.evaluation.report import render_report, render_trust
from enfilade.evaluation.result import Evaluation
from enfilade.evaluation.table import tables
from enfilade.evaluation.trust import Trial, measure_trust

N = 60
KEYS = [sha256(str(image).encode()).digest() for image in range(N)]
WICKED = "<script>alert('[bold]&\"')</script>"


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    labels: Labels = {"style": [str(image % 3) for image in range(N)], WICKED: [None] * N}
    default = evaluate_space(random_vectors(N), labels, KEYS)
    assert default.structure is not None
    features = np.random.default_rng(0).normal(size=(N, 40))
    structure = replace(default.structure, overlap=overlap_by_dimensions(features, KEYS), hnsw_recall=0.998)
    default = SpaceEvaluation(default.labels, structure)
    other = evaluate_space(random_vectors(N, seed=1), labels, KEYS, default=("kinship", default))
    return Evaluation(
        manifest=WICKED,
        evaluated_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        images=N,
        labels=labels,
        spaces={"kinship": default, WICKED: other},
        baselines={"seed": other},
        precision={"bf16": differences(other, default)},
    ).as_dict()


def test_the_report_needs_nothing_but_itself(result: dict[str, Any]) -> None:
    page = render_report(result)
    document = BeautifulSoup(page, "html.parser")
    assert not document.find_all(["script", "link", "iframe", "object", "embed", "img"])
    assert not [tag for tag in document.select("*") if {"src", "href", "srcset", "data"} & tag.attrs.keys()]
    assert not re.search(r"@import|url\(|https?://", page)


def test_the_report_shows_names_as_they_are(result: dict[str, Any]) -> None:
    document = BeautifulSoup(render_report(result), "html.parser")
    assert document.title is not None
    assert WICKED in document.title.get_text()
    assert WICKED in [heading.get_text() for heading in document.find_all("th", scope="row")]
    assert f"By {WICKED}" in [heading.get_text() for heading in document.find_all("h2")]


def test_the_report_tells_every_figure_with_its_interval(result: dict[str, Any]) -> None:
    text = BeautifulSoup(render_report(result), "html.parser").get_text()
    for found in (labels["style"] for group in ("spaces", "baselines") for labels in result[group].values()):
        for figure, (low, high) in (
            (found["map_at_10"], found["interval"]),
            (found["p_at_1"], found["p_at_1_interval"]),
            (found["pairs"]["roc_auc"], found["pairs"]["interval"]),
            (found["pairs"]["triplet_accuracy"], found["pairs"]["triplet_interval"]),
        ):
            assert f"{figure:.3f}{low:.3f} – {high:.3f}" in text


def test_marks_stand_within_their_charts(result: dict[str, Any]) -> None:
    for lay_out in (bars, dots):
        scale, rows = lay_out(result, "style")
        assert [row.kind for row in rows] == ["default", "space", "baseline"]
        for row in rows:
            assert 0 <= row.span[0] <= row.at <= row.span[1] <= 100
            assert scale.low <= row.interval[0]
            assert row.interval[1] <= scale.high
    laid = lines(result["structure"]["kinship"]["overlap"])
    assert laid is not None
    assert all(0 < mark.x < WIDTH and 0 < mark.y < HEIGHT for line in laid.lines for mark in line.marks)
    heights = sorted(line.name_at for line in laid.lines)
    assert all(np.diff(heights) >= 15)


@given(st.floats(0, 0.99), st.floats(0, 1))
def test_ticks_stand_within_their_scale(lowest: float, at: float) -> None:
    value = lowest + at * (1 - lowest)
    pairs = {"roc_auc": value, "interval": [lowest, 1.0]}
    labels = {"style": {"map_at_10": value, "interval": [lowest, value], "pairs": pairs}}
    for lay_out in (bars, dots):
        scale, _ = lay_out({"spaces": {"kinship": labels}, "baselines": {}}, "style")
        assert scale.low == scale.ticks[0] < scale.ticks[-1] <= scale.high + 1e-6
        assert scale.high >= (value if lay_out is bars else 1)


@pytest.mark.parametrize("missing", ["baselines", "structure", "precision"])
def test_what_was_not_measured_is_left_out(result: dict[str, Any], missing: str) -> None:
    partial = {**result, missing: {}}
    assert "How it was measured" in render_report(partial)
    assert list(tables(partial))


def test_tables_fit_a_terminal_of_80_columns_and_read_no_name_as_markup(result: dict[str, Any]) -> None:
    console = Console(width=80)
    with console.capture() as captured:
        for table in tables(result):
            console.print(table)
    written = captured.get().splitlines()
    assert max(map(len, written)) <= 80
    assert any(line.startswith("<script>alert('[b") for line in written)
    figure = result["spaces"]["kinship"]["style"]["map_at_10"]
    assert any(line.startswith("kinship") and f"{figure:.3f}" in line for line in written)


@pytest.fixture(scope="module")
def trust() -> dict[str, Any]:
    chance = np.random.default_rng(3)

    def ask(likely: float, **known: Any) -> Trial:  # noqa: ANN401
        said = float(chance.beta(likely, 1))
        return Trial(Verdict(said, said), alike={"style": [(said, bool(chance.random() < said))]}, **known)

    members = [ask(9, rank=1, known=True) for _ in range(30)]
    unseen, strangers = [ask(0.3) for _ in range(40)], [ask(0.05) for _ in range(50)]
    return measure_trust(members, {WICKED: unseen}, {"photographs": strangers})


def test_the_report_on_trust_needs_nothing_but_itself_and_tells_every_set(trust: dict[str, Any]) -> None:
    page = render_trust(trust)
    document = BeautifulSoup(page, "html.parser")
    assert not document.find_all(["script", "link", "iframe", "object", "embed", "img"])
    assert not [tag for tag in document.select("*") if {"src", "href", "srcset", "data"} & tag.attrs.keys()]
    assert not re.search(r"@import|url\(|https?://", page)
    rows = [heading.get_text() for heading in document.find_all("th", scope="row")]
    assert rows == ["of works that are here", f"of the kind: {WICKED}", "of another kind: photographs"]


class Balance(HTMLParser):
    """Asks that every element that was opened, and may be closed, is closed in its turn."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as the base has it
        if tag not in self.VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave out what closes itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


def test_both_reports_close_what_they_open(result: dict[str, Any], trust: dict[str, Any]) -> None:
    for page in (render_report(result), render_trust(trust)):
        balance = Balance()
        balance.feed(page)
        assert not balance.opened


def test_right_matches_and_false_ones_stand_apart_and_a_rare_one_is_not_nought(trust: dict[str, Any]) -> None:
    rare = {**trust, "unknown": 3, "unseen": {"others": {"pictures": 2500, "false_match_rate": 0.0004}}}
    document = BeautifulSoup(render_trust(rare), "html.parser")
    columns = [heading.get_text(" ") for heading in document.find_all("th", scope="col")]
    assert "Left out, since they name no picture that is here: 3." in document.get_text()
    by_name = {
        row.th.get_text(): [cell.get_text() for cell in row.find_all("td")] for row in document.select("tbody tr")
    }
    assert all(len(cells) == len(columns) - 1 for cells in by_name.values())
    told = dict(zip(columns[1:], by_name["of the kind: others"], strict=True))
    assert (told["false match"], told["match, on the right work"]) == ("0.04 %", "")


def test_what_strangers_are_told_from_is_named_and_no_section_is_empty(trust: dict[str, Any]) -> None:
    assert "told from the unseen," in render_trust(trust)
    assert "told from members," in render_trust({**trust, "unseen": {}})
    assert "keep their word" not in render_trust({**trust, "reliability": {}, "calibration_error": {}})


def test_every_confidence_has_a_plot_of_all_its_bins(trust: dict[str, Any]) -> None:
    document = BeautifulSoup(render_trust(trust), "html.parser")
    plots = {figure.h3.get_text(): figure for figure in document.find_all("figure") if figure.h3}
    assert plots.keys() == trust["reliability"].keys() == {"same_work", "kind", "alike: style"}
    for name, bins in trust["reliability"].items():
        assert [circle.title.get_text() for circle in plots[name].find_all("circle")] == [
            f"{one['count']:,} times said {one['mean']:.2f}, so {one['frequency']:.2f}" for one in bins
        ]
        assert f"{trust['calibration_error'][name]:.3f}" in plots[name].figcaption.get_text()


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 10_000))
def test_points_stand_within_their_plot_and_on_the_diagonal_where_word_is_kept(
    mean: float, frequency: float, count: int
) -> None:
    bins = [{"mean": one, "frequency": so, "count": n} for one, so, n in ((mean, frequency, count), (mean, mean, 7))]
    off, kept = points(bins)
    assert all(ENDS[0] <= at <= ENDS[1] for at in (off.x, SIDE - off.y, SIDE - off.on_diagonal))
    assert kept.y == kept.on_diagonal
    assert (off.y < off.on_diagonal) <= (frequency > mean)


def test_areas_go_by_counts_and_the_rarest_can_still_be_seen() -> None:
    most, quarter, one = points([{"mean": 0.5, "frequency": 0.5, "count": count} for count in (1000, 250, 1)])
    assert most.radius**2 == pytest.approx(4 * quarter.radius**2, rel=0.05)
    assert one.radius >= 3
    assert points([]) == ()


def test_a_miss_counts_against_the_probability_and_another_work_too() -> None:
    missed = [Trial(Verdict(0.05, 1), rank=0, known=True)] * 10
    confused = [Trial(Verdict(0.95, 1), rank=0, known=True)] * 10
    unseen = {"others": [Trial(Verdict(0.05, 1))] * 10}
    errors = [measure_trust(members, unseen, {})["calibration_error"]["same_work"] for members in (missed, confused)]
    assert errors == [pytest.approx(0.45), pytest.approx(0.5)]
