"""A trained condition is a space like any other, better at its label on images that training never saw."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from enfilade.commands.walking import walk
from enfilade.embedder import Embedder
from enfilade.errors import TooFewLabelsError
from enfilade.queries.neighbours import nearest
from enfilade.queries.paths import Question
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import load_placer, published_space, published_spaces
from ingest.conditions import condition_recipe, labels_of
from ingest.evaluating import describe_source, extractors_of, trained_on, without_trained_on
from ingest.held_out import held_out
from ingest.pipeline import ingest, publish
from ingest.progress import Reporter
from ingest.removal import hide
from ingest.sources import open_source
from ingest.training_recipe import TrainingRecipe

QUICK = TrainingRecipe(epochs=3, steps_at_least=20).as_dict()


def test_a_condition_is_a_space_like_any_other(
    engine: Engine, home: Path, reporter: Reporter, gallery: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(gallery, tmp_path / "gallery"))
    late = max(folder.glob("*.jpg")).rename(tmp_path / "late.jpg")
    ingest(engine, open_source(folder / "metadata.csv"), home, reporter)
    publish(engine, home, reporter, recipes=[condition_recipe("artist", QUICK, 0.2)], anew=True)
    ingest(engine, open_source(folder / "metadata.csv"), home, reporter)  # keeps it up to date
    with engine.connect() as connection:
        space = published_space(connection, "condition:artist")
        assert (space.version, space.recipe["condition"]["label"]) == (1, "artist")
        placer = load_placer(connection, space)
        assert placer.dimensions == space.dimensions
        embedder = Embedder(space, placer, home)
        member = min(folder.glob("*.jpg"))
        found = nearest(connection, space, embedder.embed(member.read_bytes()), limit=3)
        assert found[0].distance < 0.01
        assert len(nearest(connection, space, embedder.embed(late.read_bytes()), limit=3)) == 3
        walked = walk(connection, home, Question(found[0].image_id, found[2].image_id), space=space.name)
        assert walked.paths[0].distances
        assert not any(count_broken(connection).values())


def test_the_same_recipe_trains_the_same_space(engine: Engine, home: Path, reporter: Reporter, gallery: Path) -> None:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    parameters = []
    for _ in range(2):
        publish(engine, home, reporter, recipes=[condition_recipe("artist", QUICK, 0.2)], anew=True)
        with engine.connect() as connection:
            space = published_space(connection, "condition:artist")
            trained = load_placer(connection, space).trained
            assert trained
            parameters.append(trained.head.weights[0])
    np.testing.assert_array_equal(*parameters)
    assert space.version == 2


def test_training_sees_no_image_that_is_held_out(engine: Engine, home: Path, reporter: Reporter, gallery: Path) -> None:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    publish(engine, home, reporter, recipes=[condition_recipe("artist", QUICK, 0.3)], anew=True)
    with engine.connect() as connection:
        sample = describe_source(
            open_source(gallery / "metadata.csv"), extractors_of(published_spaces(connection), home), home, reporter
        )
        seen = trained_on(connection, sample)
        assert list(seen) == ["condition:artist"]
        assert seen["condition:artist"].tolist() == [not held_out(key, 0.3) for key in sample.keys]
        left = without_trained_on(sample, seen)
        assert 0 < len(left.keys) < len(sample.keys)
        assert all(held_out(key, 0.3) for key in left.keys)


def test_a_condition_whose_label_is_gone_stays_as_it_was(
    engine: Engine, home: Path, reporter: Reporter, gallery: Path
) -> None:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    publish(engine, home, reporter, recipes=[condition_recipe("artist", QUICK, 0.2)], anew=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE enfilade.image SET artist = NULL"))
        hide(connection, range(1, 31))  # most of what it was fitted on
    publish(engine, home, reporter)
    with engine.connect() as connection:
        assert published_space(connection, "condition:artist").version == 1
        assert published_space(connection, "colour").version == 2
        assert not any(count_broken(connection).values())


def test_labels_are_any_column(engine: Engine, home: Path, reporter: Reporter, gallery: Path) -> None:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    with engine.connect() as connection:
        assert len({value for _, value in labels_of(connection, "Hand").values()}) == 6
        assert {value for _, value in labels_of(connection, "nothing").values()} == {None}
    with pytest.raises(TooFewLabelsError):
        publish(engine, home, reporter, recipes=[condition_recipe("nothing", QUICK, 0.2)], anew=True)
    with engine.connect() as connection:
        assert not any(count_broken(connection).values())


def test_the_command_trains_publishes_and_tells_what_it_gained(
    database: str, enfilade: Callable[..., Any], gallery: Path
) -> None:
    enfilade("ingest", gallery / "metadata.csv", DATABASE_URL=database)
    options = ("--label", "hand", "--held-out", "40", "--epochs", "5", "--json")
    done = enfilade("train-condition", *options, DATABASE_URL=database)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["recipe"]["held_out"] == 0.4
    assert told["held_out"]["condition:hand"]["queries"] == told["held_out"]["kinship"]["queries"] > 5
    assert "condition:hand" in enfilade("spaces", DATABASE_URL=database).stdout
    file = min(gallery.glob("*.jpg"))
    found = enfilade("search", file, "--space", "condition:hand", "--limit", "2", "--json", DATABASE_URL=database)
    assert json.loads(found.stdout)["items"][0]["distance"] < 0.01
    wrong = enfilade("train-condition", "--label", "nothing", check=False, DATABASE_URL=database)
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (1, False)
