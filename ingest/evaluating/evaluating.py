"""Measure every published space on a sample, beside the baselines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from enfilade.errors import EmptyCollectionError
from enfilade.evaluation.baselines import hellinger, random_vectors, seed_vectors, shuffled
from enfilade.evaluation.measures import Labels, SpaceEvaluation, differences, evaluate_space
from enfilade.evaluation.overlap import overlap_by_dimensions
from enfilade.evaluation.result import Evaluation
from enfilade.placing import Placer
from enfilade.queries.recall import index_recall
from enfilade.queries.spaces import load_placer, published_spaces
from enfilade.spaces import Space, SpaceRecipe, join_parts, recall_recipe
from ingest.evaluating.sample import BASELINE, Sample, halved
from ingest.progress import Reporter

__all__ = ["evaluate"]

QUERIES = 200
"""Images that the index is asked for, chosen by hash."""


def evaluate(
    connection: Connection, sample: Sample, labels: Labels, groups: Labels, home: Path, reporter: Reporter
) -> Evaluation:
    """Evaluate the published spaces by labels, the default one first; pairs of a label share none of its group."""
    spaces: dict[str, SpaceEvaluation] = {}
    precision: dict[str, Mapping[str, Mapping[str, object]]] = {}
    default: tuple[str, SpaceEvaluation] | None = None
    default_places = np.empty((0, 0), dtype=np.float32)
    for space in published_spaces(connection):
        recipe, placer = recall_recipe(space.name, space.recipe, home), load_placer(connection, space)
        with reporter.stage(f"Measure {space.name}"):
            vectors = space.place(placer, sample.of(recipe.extractors))
            measured = evaluate_space(vectors, labels, sample.keys, groups, default=default)
            spaces[space.name] = _with_database(connection, space, recipe, sample, vectors, measured)
        if default is None:
            default = space.name, spaces[space.name]
            precision = _precision(space, recipe, placer, sample, labels, groups, measured)
            default_places = vectors
    if default is None:
        raise EmptyCollectionError
    with reporter.stage("Measure the baselines"):
        baselines = _baselines(sample, labels, groups, default_places)
    return Evaluation(sample.name, datetime.now(UTC), len(sample.keys), labels, spaces, baselines, precision)


def _with_database(
    connection: Connection,
    space: Space,
    recipe: SpaceRecipe,
    sample: Sample,
    vectors: NDArray[np.float32],
    measured: SpaceEvaluation,
) -> SpaceEvaluation:
    """Add what a projection keeps of its features, and what the database's index finds of the nearest images."""
    assert measured.structure, "it was asked for"  # noqa: S101
    asked = sorted(range(len(vectors)), key=lambda index: sha256(sample.keys[index]).digest())[:QUERIES]
    joined = join_parts(space.recipe["parts"], sample.of(recipe.extractors))
    structure = replace(
        measured.structure,
        overlap=overlap_by_dimensions(joined, sample.keys),
        hnsw_recall=index_recall(connection, space, [vectors[index] for index in asked]),
    )
    return replace(measured, structure=structure)


def _precision(
    space: Space,
    recipe: SpaceRecipe,
    placer: Placer,
    sample: Sample,
    labels: Labels,
    groups: Labels,
    full: SpaceEvaluation,
) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    """Tell what the default space loses where its network runs in bf16, if the sample was described so too."""
    extractors = [halved(extractor) for extractor in recipe.extractors]
    if not {extractor.recipe_hash for extractor in extractors} <= sample.features.keys():
        return {}
    vectors = space.place(placer, sample.of(extractors))
    half = evaluate_space(vectors, labels, sample.keys, groups, with_structure=False)
    return {"bf16": differences(half, full)}


def _baselines(
    sample: Sample, labels: Labels, groups: Labels, default_places: NDArray[np.float32]
) -> dict[str, SpaceEvaluation]:
    """Measure the article's recipe, fitted on the sample itself; plain colours; chance; and labels that mean nothing."""
    (features,) = sample.of([BASELINE])
    vectors = {
        "seed": seed_vectors(features),
        "colour_histogram": hellinger(sample.histograms),
        "random": random_vectors(len(sample.keys)),
    }
    measured = {name: _measure(places, labels, sample, groups) for name, places in vectors.items()}
    dealt = {label: shuffled(values) for label, values in labels.items()}
    return measured | {"shuffled": _measure(default_places, dealt, sample, {})}


def _measure(places: NDArray[np.float32], labels: Labels, sample: Sample, groups: Labels) -> SpaceEvaluation:
    return evaluate_space(places, labels, sample.keys, groups, with_structure=False)
