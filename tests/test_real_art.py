"""Real art, where ENFILADE_TEST_DATA names the directory that holds art/metadata.csv."""

import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import scipy.sparse.csgraph
from sqlalchemy import Engine

from enfilade.database import connect_engine
from enfilade.embedder import Embedder
from enfilade.paths import shortest_path
from enfilade.queries.graphs import load_graph
from enfilade.queries.images import find_images
from enfilade.queries.neighbours import nearest
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import load_placer, published_graphs, published_space

Run = Callable[..., subprocess.CompletedProcess[str]]
DATA = Path(os.environ.get("ENFILADE_TEST_DATA", ""))
ART = DATA / "art" / "metadata.csv"
LABELLED = DATA / "wikiart" / "metadata.csv"

if not os.environ.get("ENFILADE_TEST_DATA") or not ART.exists():
    pytest.skip("ENFILADE_TEST_DATA names no directory with art/metadata.csv", allow_module_level=True)


@pytest.fixture(scope="module")
def ingested(enfilade: Run, make_database: Callable[[], str]) -> tuple[str, dict[str, Any]]:
    url = make_database()
    done = enfilade("ingest", ART, "--json", DATABASE_URL=url)
    return url, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def art(ingested: tuple[str, dict[str, Any]]) -> Iterator[Engine]:
    engine = connect_engine(ingested[0])
    yield engine
    engine.dispose()


def test_the_counts_add_up_to_the_rows(ingested: tuple[str, dict[str, Any]]) -> None:
    _, report = ingested
    assert report["rows"] == report["added"] + report["duplicates"] + report["rejected"]
    assert report["added"] > 0.99 * report["rows"]
    assert report["graph"]["components"] == 1


def test_a_second_run_adds_nothing(enfilade: Run, ingested: tuple[str, dict[str, Any]]) -> None:
    url, first = ingested
    report = json.loads(enfilade("ingest", ART, "--json", DATABASE_URL=url).stdout.splitlines()[-1])
    assert (report["added"], report["updated"]) == (0, 0)
    assert report["unchanged"] == first["added"] + first["duplicates"]


def test_every_pair_has_a_path_as_short_as_scipy_says(art: Engine) -> None:
    with art.connect() as connection:
        published = published_graphs(connection)[0]
        assert published.graph_id
        graph = load_graph(connection, published.graph_id)
    pairs = random.Random(5)
    for _ in range(40):
        source = pairs.choice(graph.ids.tolist())
        lengths = scipy.sparse.csgraph.dijkstra(graph.matrix, directed=False, indices=graph.node(source))
        for target in pairs.sample(graph.ids.tolist(), 25):
            assert shortest_path(graph, source, target).length == pytest.approx(lengths[graph.node(target)], abs=1e-9)


def test_three_hundred_files_find_themselves_first(art: Engine, home: Path) -> None:
    files = sorted((DATA / "art" / "images").iterdir())
    with art.connect() as connection:
        space = published_space(connection)
        embedder = Embedder(space, load_placer(connection, space), home)
        for file in random.Random(6).sample(files, 300):
            (first,) = nearest(connection, space, embedder.embed(file.read_bytes()), limit=1)
            assert first.distance < 0.01
            assert str(file) in find_images(connection, [first.image_id])[first.image_id].sources


def test_the_tables_are_sound(art: Engine) -> None:
    with art.connect() as connection:
        assert not any(count_broken(connection).values())


@pytest.mark.skipif(not LABELLED.exists(), reason="ENFILADE_TEST_DATA has no wikiart/metadata.csv")
def test_kinship_and_conditions_know_the_hands_of_others(enfilade: Run, ingested: tuple[str, dict[str, Any]]) -> None:
    """None of the labelled works' artists is in the collection, so nothing was learnt by heart."""
    url, _ = ingested
    for label in ("artist", "style"):
        enfilade("train-condition", "--label", label, DATABASE_URL=url)
    labels = ("--label", "artist", "--label", "style")
    told = json.loads(enfilade("evaluate", LABELLED, *labels, "--json", DATABASE_URL=url).stdout.splitlines()[-1])
    kinship, seed = told["spaces"]["kinship"], told["baselines"]["seed"]
    assert kinship["artist"]["map_at_10"] >= 0.45
    assert kinship["artist"]["map_at_10"] >= 2 * seed["artist"]["map_at_10"]
    assert kinship["style"]["map_at_10"] >= 0.72
    gained = told["spaces"]["condition:artist"]["artist"]["versus"]
    assert (gained["space"], gained["interval"][0] > 0) == ("kinship", True)
    assert told["spaces"]["condition:style"]["style"]["map_at_10"] >= 0.77
    assert all(structure["hnsw_recall"] > 0.95 for structure in told["structure"].values())
