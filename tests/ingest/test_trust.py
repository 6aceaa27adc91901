"""`enfilade evaluate --members --strangers`, on the demo collection."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, select

from enfilade.confidence.augmentations import augment
from enfilade.confidence.strangers import draw_strangers
from enfilade.queries.files import load_thumbnails
from enfilade.schema import occurrence

MEMBERS = (5, 123, 300, 480)


@pytest.fixture
def manifests(demo_engine: Engine, tmp_path: Path) -> tuple[Path, Path]:
    """Four members that come back changed, and ten strangers."""
    with demo_engine.connect() as connection:
        pictures = load_thumbnails(connection, MEMBERS)
        uris = {row[0]: row[1] for row in connection.execute(select(occurrence.c.image_id, occurrence.c.source_uri))}
    for name, rows in (
        ("members", [(augment(pictures[one], "crop", one), Path(uris[one]).name) for one in MEMBERS]),
        ("strangers", [(picture, "") for picture in draw_strangers(1, seed=77)]),
    ):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            manifest = csv.writer(file)
            manifest.writerow(["file", "match_file"])
            for number, (picture, match) in enumerate(rows):
                picture.save(tmp_path / f"{name}-{number}.png")
                manifest.writerow([f"{name}-{number}.png", match])
    return tmp_path / "members.csv", tmp_path / "strangers.csv"


def test_members_are_recognised_strangers_are_not_and_a_report_tells_so(
    enfilade: Callable[..., CompletedProcess[str]], manifests: tuple[Path, Path], tmp_path: Path
) -> None:
    members, strangers = manifests
    report = tmp_path / "trust.html"
    done = enfilade("evaluate", "--members", members, "--strangers", strangers, "--report", report, "--json")
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["members"], result["unknown"], result["recall_at_1"]) == (4, 0, 1)
    assert result["match_recall"] >= 0.75
    told = result["strangers"]["strangers"]
    assert (told["pictures"], told["false_match_rate"]) == (10, 0)
    assert told["auroc"] > 0.9
    document = BeautifulSoup(report.read_text(encoding="utf-8"), "html.parser")
    assert {heading.get_text() for heading in document.find_all("h3")} == result["reliability"].keys()


def test_a_column_that_the_manifest_has_not_is_named_with_those_that_it_has(
    enfilade: Callable[..., CompletedProcess[str]], manifests: tuple[Path, Path]
) -> None:
    done = enfilade("evaluate", "--members", manifests[0], "--match-column", "mathc_file", check=False)
    assert done.returncode == 1
    assert "no column 'mathc_file'" in done.stderr
    assert "match_file" in done.stderr
