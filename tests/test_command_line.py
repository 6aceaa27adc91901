"""The commands as a user types them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from PIL import Image

from enfilade.cli import COMMANDS

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parent.parent


def last_line(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_is_in_the_readme(enfilade: Run, command: str) -> None:
    help_text = enfilade(command, "--help").stdout
    assert help_text.startswith("Usage: ")
    assert "  -h, --help" in help_text
    assert re.search(rf"enfilade {command}\b", (ROOT / "README.md").read_text()), f"{command} is not in the README"


def test_the_first_page_of_help_names_every_command(enfilade: Run) -> None:
    help_text = enfilade("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in help_text


@pytest.mark.usefixtures("demo")
def test_a_file_of_the_collection_finds_itself_first(enfilade: Run, home: Path) -> None:
    files = sorted((home / "demo").glob("*.jpg"))[::200]
    answers = [json.loads(line) for line in enfilade("search", *files, "--json").stdout.splitlines()]
    assert len(answers) == len(files)
    for file, answer in zip(files, answers, strict=True):
        first = answer["items"][0]
        assert first["distance"] < 0.01
        assert first["image"]["sources"] == [str(file)]


@pytest.mark.usefixtures("demo")
def test_a_search_may_be_by_a_part_of_a_file(enfilade: Run, home: Path, tmp_path: Path) -> None:
    member, half = min((home / "demo").glob("*.jpg")), tmp_path / "half.png"
    with Image.open(member) as picture:
        share = picture.width // 2 / picture.width
        picture.crop((0, 0, picture.width // 2, picture.height)).save(half)
    part = last_line(enfilade("search", member, "--crop", f"0,0,{share:.9f},1", "--json"))
    assert part["items"] == last_line(enfilade("search", half, "--json"))["items"]
    assert part["items"] != last_line(enfilade("search", member, "--json"))["items"]


@pytest.mark.usefixtures("demo")
def test_a_search_may_be_by_images_of_the_collection(enfilade: Run) -> None:
    by_ids = ["--like", "1", "--like", "2", "--unlike", "700", "--space", "content", "--genre", "abstract"]
    answer = last_line(enfilade("search", *by_ids, "--json"))
    assert (answer["like"], answer["unlike"], answer["space"]) == ([1, 2], [700], "content")
    images = [one["image"] for one in answer["items"]]  # type: ignore[attr-defined]
    assert len(images) == 10
    assert {one["genre"] for one in images} == {"abstract"}
    assert not {1, 2, 700} & {one["id"] for one in images}
    table = enfilade("search", *by_ids).stdout
    assert all(one["title"] in table for one in images)


@pytest.mark.usefixtures("demo")
def test_a_path_is_told_step_by_step(enfilade: Run) -> None:
    answer = json.loads(enfilade("path", "1", "600", "--json").stdout)
    ids = [image["id"] for image in answer["images"]]
    assert (ids[0], ids[-1]) == (1, 600)
    assert [(step["source"], step["target"]) for step in answer["steps"]] == list(pairwise(ids))
    assert answer["length"] == pytest.approx(sum(step["distance"] for step in answer["steps"]))
    table = enfilade("path", "1", "600").stdout
    assert all(image["title"] in table for image in answer["images"])


def test_a_path_may_be_even_and_by_way_of_others_and_saved_as_a_strip(enfilade: Run, tmp_path: Path) -> None:
    saved = tmp_path / "walk.webp"
    done = enfilade("path", "1", "100", "--between", "12", "--via", "30", "--avoid", "3", "--save", saved, "--json")
    answer = json.loads(done.stdout)
    ids = [image["id"] for image in answer["images"]]
    assert (len(ids), ids[0], ids[-1], answer["mode"]) == (14, 1, 100, "even")
    assert 30 in ids
    assert 3 not in ids
    with Image.open(saved) as strip:
        assert strip.format == "WEBP"
        assert strip.width > 13 * strip.height / 2
    others = json.loads(enfilade("path", "1", "100", "--alternatives", "3", "--json").stdout)
    assert len(others["alternatives"]) == 2


def test_a_path_may_begin_at_a_file(enfilade: Run, home: Path, tmp_path: Path) -> None:
    member, mine = min((home / "demo").glob("*.jpg")), tmp_path / "mine.png"
    with Image.open(member) as picture:
        picture.reduce(2).save(mine)
    answer = json.loads(enfilade("path", mine, "100", "--json", "--save", tmp_path / "walk.png").stdout)
    assert answer["steps"][0]["source"] is None
    assert answer["images"][0]["id"] == answer["steps"][0]["target"]
    of_member = json.loads(enfilade("path", member, "100", "--json").stdout)
    assert len(of_member["images"]) == len(of_member["steps"]) + 1


@pytest.mark.usefixtures("demo")
def test_status_and_doctor_find_everything_in_order(enfilade: Run) -> None:
    status = last_line(enfilade("status", "--json"))
    assert status["collection"]["images"] == 832  # type: ignore[index]
    text = enfilade("status").stdout
    assert "832 images" in text
    assert "1 component" in text
    doctor = last_line(enfilade("doctor", "--json"))
    assert doctor["sound"] is True
    assert "BAD" not in enfilade("doctor").stdout


def test_doctor_notices_what_is_broken(enfilade: Run, database: str, gallery: Path) -> None:
    enfilade("ingest", gallery, DATABASE_URL=database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DELETE FROM enfilade.rendition WHERE image_id = 1 AND kind = 'preview'")
        connection.execute("DELETE FROM enfilade.edge WHERE source = 1 OR target = 1")
    done = enfilade("doctor", DATABASE_URL=database, check=False)
    assert done.returncode == 1
    assert "BAD every image shown has its thumbnail and preview: 1 do not" in done.stdout
    assert re.search(r"BAD graph \d+ \(content\) is one component: 47 of 48 images", done.stdout)


@pytest.mark.usefixtures("demo")
def test_psql_asks_the_collection(enfilade: Run) -> None:
    done = enfilade("psql", "--", "-Atc", "SELECT count(*) FROM enfilade.neighbours(1, 7)")
    assert done.stdout == "7\n"
    assert enfilade("psql", "--", "-c", "SELECT nonsense", check=False).returncode == 1


def test_ingest_then_remove_then_restore(enfilade: Run, database: str, gallery: Path) -> None:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return enfilade(*arguments, DATABASE_URL=database)

    report = last_line(run("ingest", gallery / "metadata.csv", "--json"))
    assert (report["rows"], report["added"]) == (48, 48)
    assert "Nothing was changed" in run("remove", "3", "4", "--dry-run").stderr
    assert last_line(run("status", "--json"))["collection"]["images"] == 48  # type: ignore[index]
    assert "enfilade restore-image 3 4" in run("remove", "3", "4").stderr
    assert last_line(run("status", "--json"))["collection"]["images"] == 46  # type: ignore[index]
    assert enfilade("path", "1", "3", DATABASE_URL=database, check=False).returncode == 1
    run("restore-image", "3", "4")
    assert last_line(run("status", "--json"))["collection"]["images"] == 48  # type: ignore[index]
    run("remove", "--source", gallery / "metadata.csv")
    assert "Begin with" in run("status").stdout
    run("restore-image", "--all")
    run("path", "1", "3")


def test_duplicates_are_joined_listed_and_parted(enfilade: Run, database: str, gallery: Path) -> None:
    def run(*arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        return enfilade(*arguments, DATABASE_URL=database, check=check)

    run("ingest", gallery / "metadata.csv")
    before = last_line(run("duplicates", "--json"))["items"]
    assert "enfilade duplicates forget 1 2 3" in run("duplicates", "join", "1", "2", "3").stderr
    items: list[dict[str, Any]] = last_line(run("duplicates", "--json"))["items"]  # type: ignore[assignment]
    assert [image["id"] for image in items[0]["images"]] == [1, 2, 3]
    assert (items[0]["probability"], items[0]["decided"]) == (None, True)
    assert items[0]["images"][0]["title"] in run("duplicates").stdout
    run("duplicates", "split", "3", "1")
    items = last_line(run("duplicates", "--json"))["items"]  # type: ignore[assignment]
    assert [image["id"] for image in items[0]["images"]] == [1, 2]
    assert "Forgotten of 3 pairs" in run("duplicates", "forget", "1", "2", "3").stderr
    assert last_line(run("duplicates", "--json"))["items"] == before
    assert run("duplicates", "join", "1", "1", check=False).returncode == 2
    assert "No image has the id 999" in run("duplicates", "split", "1", "999", check=False).stderr


def test_refusals_are_listed_at_the_end_and_by_status(enfilade: Run, database: str, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "words.png").write_text("no picture at all")
    done = enfilade("ingest", tmp_path, "--json", DATABASE_URL=database)
    assert last_line(done)["rejected"] == 2
    assert f"{tmp_path}/empty.jpg: empty_file: " in done.stderr
    listed = enfilade("status", "--rejections", DATABASE_URL=database).stdout
    assert f"{tmp_path}/words.png: not_an_image: " in listed


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nonsense"], 2, "No such command"),
        (["ingest"], 2, "Missing argument"),
        (["ingest", "/nowhere"], 2, "does not exist"),
        (["ingest", str(ROOT / "README.md")], 1, "neither a folder nor a manifest"),
        (["search", "/nowhere.jpg"], 2, "does not exist"),
        (["search", str(ROOT / "README.md")], 1, "text, not a picture"),
        (["search", str(ROOT / "README.md"), "--attribute", "x"], 2, "NAME=VALUE"),
        (["search", str(ROOT / "README.md"), "--space", "none"], 1, "No space named 'none'"),
        (["search"], 2, "Name a file to search by, or an image"),
        (["search", str(ROOT / "README.md"), "--like", "1"], 2, "not both"),
        (["search", "--unlike", "1"], 2, "--unlike goes with --like"),
        (["search", "--like", "1", "--crop", "0,0,1,1"], 2, "--crop goes with files"),
        (["search", str(ROOT / "README.md"), "--crop", "0,0,0,1"], 2, "must be x,y,width,height"),
        (["search", "--like", "1", "--unlike", "99999"], 1, "No image has the id 99999"),
        (["path", "1", "99999"], 1, "No image has the id 99999"),
        (["path", "one", "2"], 2, "does not exist"),
        (["path", "5", "5"], 1, "two different images"),
        (["path", "1", "600", "--between", "0"], 1, "at least"),
        (["path", "1", "600", "--mode", "smooth", "--between", "5"], 2, "--mode even"),
        (["path", "1", "600", "--save", "walk.txt"], 2, ".webp"),
        (["path", "1", "600", "--artist", "Nobody"], 1, "needed from outside"),
        (["path", "1", "600", "--graph", "99"], 1, "No graph has the id 99"),
        (["remove"], 2, "Name the ids"),
        (["remove", "--source", "/nowhere"], 1, "Nothing was ever taken from /nowhere"),
        (["path", "99999999999999999999", "1"], 2, "not in the range"),
        (["remove", "99999"], 1, "No image has the id 99999"),
    ],
)
@pytest.mark.usefixtures("demo")
def test_wrong_usage_and_wrong_data_are_told_apart(
    enfilade: Run, arguments: list[str], code: int, message: str
) -> None:
    done = enfilade(*arguments, check=False)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_collection_says_how_to_begin(enfilade: Run, database: str) -> None:
    assert "Begin with" in enfilade("status", DATABASE_URL=database).stdout
    done = enfilade("path", "1", "1", DATABASE_URL=database, check=False)
    assert done.returncode == 1
    assert "No image has the id 1" in done.stderr


def test_url_leaves_the_database_running_until_stop(enfilade: Run) -> None:
    with TemporaryDirectory(prefix="enfilade-test-") as home:
        url = enfilade("url", ENFILADE_HOME=home).stdout.strip()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM enfilade.image").fetchone() == (0,)
        assert enfilade("stop", ENFILADE_HOME=home).stderr == "Stopped.\n"
        assert enfilade("stop", ENFILADE_HOME=home).stderr == "It was not running.\n"


def test_ctrl_c_ends_an_ingest_with_a_sentence(database: str, gallery: Path, home: Path) -> None:
    environment = os.environ | {"ENFILADE_HOME": str(home), "DATABASE_URL": database}
    command = [sys.executable, "-m", "enfilade", "ingest", str(gallery)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    with psycopg.connect(database, autocommit=True) as connection:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            made = connection.execute("SELECT to_regclass('enfilade.run') IS NOT NULL").fetchone()
            if made == (True,) and connection.execute("SELECT count(*) FROM enfilade.run").fetchone() == (1,):
                break
            time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run it again to go on" in said
    assert "Traceback" not in said
