"""An evaluation measures every published space on labelled pictures, stores none of them, and keeps what it found."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, delete, func, select

from enfilade.errors import SourceError, TooFewImagesError
from enfilade.queries.evaluations import store_evaluation
from enfilade.queries.recall import index_recall
from enfilade.queries.spaces import load_placer, published_space, published_spaces
from enfilade.queries.versions import list_versions
from enfilade.schema import feature, image, occurrence
from enfilade.spaces import recall_recipe
from ingest.described import describe
from ingest.evaluating import (
    Sample,
    describe_collection,
    describe_source,
    evaluate,
    extractors_of,
    group_labels,
    halved,
    label_values,
)
from ingest.pipeline import ingest
from ingest.progress import Reporter
from ingest.sources import open_source


@pytest.fixture
def collection(engine: Engine, home: Path, reporter: Reporter, gallery: Path) -> Engine:
    ingest(engine, open_source(gallery / "metadata.csv"), home, reporter)
    return engine


def measure(connection: Connection, sample: Sample, home: Path, reporter: Reporter, *labels: str) -> dict[str, Any]:
    chosen = label_values(sample.descriptions, labels)
    groups = group_labels(sample.descriptions, chosen, "artist")
    return evaluate(
        connection, published_spaces(connection), sample, home, reporter, labels=chosen, groups=groups
    ).as_dict()


def test_every_space_and_baseline_is_measured_and_nothing_is_stored(
    collection: Engine, home: Path, reporter: Reporter, gallery: Path
) -> None:
    def count(connection: Connection) -> list[int | None]:
        return [connection.scalar(select(func.count()).select_from(one)) for one in (image, occurrence, feature)]

    with collection.connect() as connection:
        before = count(connection)
        extractors = extractors_of(published_spaces(connection), home)
        half = [halved(extractor) for extractor in extractors]
        every = list({extractor.recipe_hash: extractor for extractor in [*extractors, *half]}.values())
        sample = describe_source(open_source(gallery / "metadata.csv"), every, home, reporter)
        told = measure(connection, sample, home, reporter, "artist", "hand")
        assert count(connection) == before
    assert list(told["spaces"]) == ["kinship", "colour", "content", "style"]
    assert set(told["baselines"]) == {"seed", "random", "colour_histogram", "shuffled"}
    for found in [*told["spaces"].values(), *told["baselines"].values()]:
        for label in ("artist", "hand"):
            assert found[label]["interval"][0] <= found[label]["map_at_10"] <= found[label]["interval"][1]
            assert found[label]["queries"] == 48
    # Painted hands differ: chance and shuffled labels must fall far behind.
    kinship = told["spaces"]["kinship"]["artist"]["map_at_10"]
    assert kinship > 2 * told["baselines"]["random"]["artist"]["map_at_10"]
    assert kinship > 2 * told["baselines"]["shuffled"]["artist"]["map_at_10"]
    assert abs(told["precision"]["bf16"]["artist"]["difference"]) < 0.1
    structure = told["structure"]["kinship"]
    assert structure["hnsw_recall"] > 0.95
    assert structure["overlap"]["pca"][-1]["at_10"] > 0.8
    assert {one["k"] for one in structure["connectedness"]} == {5, 10, 15}


def test_the_collection_itself_is_measured_by_what_is_stored_of_it(
    collection: Engine, home: Path, reporter: Reporter, gallery: Path
) -> None:
    with collection.begin() as connection:
        extractors = extractors_of(published_spaces(connection), home)
        stored = describe_collection(connection, extractors, reporter)
        fresh = describe_source(open_source(gallery / "metadata.csv"), extractors, home, reporter)
        order = np.argsort(np.array(fresh.keys, dtype="S32"))
        assert [fresh.keys[place] for place in order] == list(stored.keys)
        for recipe_hash, features in stored.features.items():
            np.testing.assert_allclose(features, fresh.features[recipe_hash][order], rtol=5e-3, atol=1e-4)
        told = measure(connection, stored, home, reporter)
        assert set(told["spaces"]["kinship"]) == {"artist", "style", "genre"}
        assert told["precision"] == {}
        store_evaluation(connection, published_spaces(connection), told)
        kept = {one.space.name: one.evaluation for one in list_versions(connection)}
        assert kept["colour"]["labels"] == json.loads(json.dumps(told["spaces"]["colour"]))
        assert kept["colour"]["baselines"]["seed"]


def test_images_without_all_features_are_left_out_of_the_collections_own_evaluation(
    collection: Engine, home: Path, reporter: Reporter
) -> None:
    with collection.begin() as connection:
        extractors = extractors_of(published_spaces(connection), home)
        whole = describe_collection(connection, extractors, reporter)
        connection.execute(delete(feature).where(feature.c.image_id == 7, feature.c.extractor_id == 1))
        some = describe_collection(connection, extractors, reporter)
        assert len(some.keys) == 47
        for place, key in enumerate(some.keys):
            before = whole.keys.index(key)
            assert some.descriptions[place] == whole.descriptions[before]
            for recipe_hash, features in some.features.items():
                np.testing.assert_array_equal(features[place], whole.features[recipe_hash][before])
        connection.execute(delete(feature).where(feature.c.extractor_id == 1))
        with pytest.raises(TooFewImagesError, match="0 images"):
            describe_collection(connection, extractors, reporter)


def test_a_pictures_place_is_the_same_stored_and_from_its_file(
    collection: Engine, home: Path, reporter: Reporter
) -> None:
    with collection.connect() as connection:
        space = published_space(connection)
        recipe, placer = recall_recipe(space.name, space.recipe, home), load_placer(connection, space)
        extractors = extractors_of(published_spaces(connection), home)
        stored = describe_collection(connection, extractors, reporter)
        places = space.place(placer, stored.of(recipe.extractors))
        assert index_recall(connection, space, list(places[:20])) > 0.95
        assert np.vecdot(places, places).min() == pytest.approx(1, abs=1e-5)


def test_what_can_not_be_taken_is_told_and_left_out(
    collection: Engine, home: Path, reporter: Reporter, gallery: Path, tmp_path: Path
) -> None:
    files = sorted(gallery.glob("*.jpg"))[:4]
    for file in files:
        shutil.copy(file, tmp_path)
    shutil.copy(files[0], tmp_path / "again.jpg")
    with (tmp_path / "m.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerows(
            [["file", "Mood"], *[[one.name, "grim"] for one in files], ["again.jpg", "glad"], ["no.jpg", ""]]
        )
    with collection.connect() as connection:
        sample = describe_source(
            open_source(tmp_path / "m.csv"), extractors_of(published_spaces(connection), home), home, reporter
        )
    assert (len(sample.keys), sample.duplicates) == (4, 1)
    assert [(Path(uri).name, refusal.reason) for uri, refusal in sample.left_out] == [("no.jpg", "missing_file")]
    assert label_values(sample.descriptions, ["mood"]) == {"mood": ["grim"] * 4}
    with pytest.raises(SourceError, match=r"No two pictures share a value of 'gloom'. Columns with values: Mood"):
        label_values(sample.descriptions, ["gloom"])
    with pytest.raises(SourceError, match="Name a column"):
        label_values(sample.descriptions, [])
    assert len(sample.only(np.array([1, 3])).keys) == 2


def test_too_few_pictures_are_told(collection: Engine, home: Path, reporter: Reporter, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("file,style\nnothing.jpg,dull\n")
    with collection.connect() as connection, pytest.raises(TooFewImagesError, match="0 pictures"):
        describe_source(
            open_source(tmp_path / "m.csv"), extractors_of(published_spaces(connection), home), home, reporter
        )


def test_pairs_of_a_style_share_no_artist_but_those_of_an_artist_may() -> None:
    descriptions = [describe({"artist": "A", "style": "s"}), describe({"artist": "B", "style": "s"}), describe({})]
    labels = {"artist": ["A", "B", None], "style": ["s", "s", None]}
    assert group_labels(descriptions, labels, "artist") == {"style": ["A", "B", None]}
    assert group_labels(descriptions[2:], labels, "artist") == {}


def test_the_command_prints_tables_json_and_a_page(
    database: str, enfilade: Callable[..., Any], gallery: Path, tmp_path: Path
) -> None:
    manifest, page = gallery / "metadata.csv", tmp_path / "report.html"
    enfilade("ingest", manifest, DATABASE_URL=database)
    done = enfilade(
        "evaluate", manifest, "--label", "artist", "--json", "--report", page, "--no-bf16", DATABASE_URL=database
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["spaces"]["kinship"]["artist"]["map_at_10"] > told["baselines"]["random"]["artist"]["map_at_10"]
    assert "<svg" in page.read_text(encoding="utf-8")
    listed = json.loads(enfilade("spaces", "--json", DATABASE_URL=database).stdout)
    assert listed[0]["evaluation"]["manifest"].endswith("metadata.csv")
    assert "kinship" in enfilade("evaluate", "--label", "artist", "--no-store", DATABASE_URL=database).stdout
    wrong = enfilade("evaluate", manifest, "--label", "mood", check=False, DATABASE_URL=database)
    assert (wrong.returncode, "'mood'" in wrong.stderr) == (1, True)
