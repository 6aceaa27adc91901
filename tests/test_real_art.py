"""Real art, where ENFILADE_TEST_DATA names the directory that holds art/metadata.csv."""

import itertools
import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.sparse.csgraph
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sqlalchemy import Engine

from enfilade.database import connect_engine
from enfilade.embedder import Embedder
from enfilade.paths import Even, PathGraph, Shortest, Smooth, find_paths
from enfilade.paths.even import shortest_walk
from enfilade.paths.ground import ground_between
from enfilade.queries.builds import find_build
from enfilade.queries.graphs import load_graph, load_vectors
from enfilade.queries.images import find_images
from enfilade.queries.neighbours import nearest
from enfilade.queries.soundness import count_broken
from enfilade.queries.spaces import load_placer, published_space, published_spaces

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


@pytest.fixture(scope="module")
def placed(art: Engine) -> dict[str, tuple[PathGraph, NDArray[np.float32]]]:
    """The graph of each space, and the places of its rows."""
    with art.connect() as connection:
        builds = [find_build(connection, space_name=space.name) for space in published_spaces(connection)]
        graphs = {build: load_graph(connection, build.id) for build in builds}
        return {
            build.space_name: (graph, load_vectors(connection, build.space_id, build.dimensions, graph.ids))
            for build, graph in graphs.items()
        }


def pairs_of(graph: PathGraph, count: int) -> list[tuple[int, int]]:
    chance = random.Random(5)
    return [tuple(chance.sample(sorted(graph.ids.tolist()), 2)) for _ in range(count)]  # type: ignore[misc]


@pytest.mark.parametrize("space", ["kinship", "content", "style", "colour"])
def test_every_pair_has_paths_as_short_and_as_smooth_as_scipy_says(
    placed: dict[str, tuple[PathGraph, NDArray[np.float32]]], space: str
) -> None:
    graph, _ = placed[space]
    tree = nx.from_scipy_sparse_array(scipy.sparse.csgraph.minimum_spanning_tree(graph.matrix))
    for source, targets in itertools.groupby(sorted(pairs_of(graph, 500)), key=lambda pair: pair[0]):
        row = graph.node(source)
        lengths = scipy.sparse.csgraph.dijkstra(graph.matrix, directed=False, indices=row)
        worst = {row: 0.0}
        for one, other, _ in nx.dfs_labeled_edges(tree, row):
            worst.setdefault(other, max(worst[one], tree.edges[one, other]["weight"] if one != other else 0.0))
        for _, target in targets:
            shortest, smooth = (find_paths(graph, source, target, mode)[0] for mode in (Shortest(), Smooth()))
            assert shortest.length == pytest.approx(lengths[graph.node(target)], abs=1e-9)
            assert smooth.worst_step == pytest.approx(worst[graph.node(target)], abs=1e-9)


@pytest.mark.parametrize("space", ["kinship", "content"])
def test_even_walks_are_even_and_get_on(placed: dict[str, tuple[PathGraph, NDArray[np.float32]]], space: str) -> None:
    graph, vectors = placed[space]
    for between in (3, 6, 12):
        variations, progress, stretches = [], [], []
        for source, target in pairs_of(graph, 80):
            ground = ground_between(graph, source, target, np.empty(0, dtype=np.uint8), vectors)
            assert ground.fewest is not None
            if between < ground.fewest - 1:
                continue
            path = find_paths(graph, source, target, Even(vectors, between))[0]
            assert len(set(path.inner) - {source, target}) == between
            left = ground.to_target[graph.find(path.images)]
            variations.append(path.variation)
            progress.append(-spearmanr(left, range(len(left))).statistic)
            stretches.append(path.length / shortest_walk(ground, between + 1))
        assert np.mean(variations) <= 0.05
        assert np.mean(progress) >= 0.9
        assert between > 6 or np.mean(stretches) <= 1.2


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
