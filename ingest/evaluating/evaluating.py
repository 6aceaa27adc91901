"""Measure every published space on a sample, beside the baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

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
from enfilade.queries.spaces import load_placer
from enfilade.spaces import Space, SpaceRecipe, join_parts, recall_recipe
from ingest.evaluating.sample import BASELINE, Sample, halved
from ingest.progress import Reporter

__all__ = ["evaluate"]

QUERIES = 200
"""Images that the index is asked for, chosen by hash."""
Precision = Mapping[str, Mapping[str, Mapping[str, Any]]]


def evaluate(
    connection: Connection,
    spaces: Sequence[Space],
    sample: Sample,
    home: Path,
    reporter: Reporter,
    *,
    labels: Labels,
    groups: Labels,
) -> Evaluation:
    """Evaluate published spaces by labels, the default one first; pairs of a label share none of its group.

    Raises EmptyCollectionError where nothing is published.
    """
    found: dict[str, SpaceEvaluation] = {}
    precision: Precision = {}
    default: tuple[str, SpaceEvaluation] | None = None
    default_places = np.empty((0, 0), dtype=np.float32)
    for space in spaces:
        recipe, placer = recall_recipe(space.name, space.recipe, home), load_placer(connection, space)
        with reporter.stage(f"Measure {space.name}"):
            vectors = space.place(placer, sample.of(recipe.extractors))
            measured = evaluate_space(vectors, labels, sample.keys, groups, default=default)
            overlap = overlap_by_dimensions(
                join_parts(space.recipe["parts"], sample.of(recipe.extractors)), sample.keys
            )
            found[space.name] = _with_structure(
                measured, overlap=overlap, hnsw_recall=index_recall(connection, space, _asked(sample, vectors))
            )
        if default is None:
            default = space.name, measured
            half = _place_halved(space, recipe, placer, sample)
            if half is not None:
                precision = {"bf16": differences(_measure(half, labels, sample, groups), measured)}
            default_places = vectors
    if default is None:
        raise EmptyCollectionError
    with reporter.stage("Measure the baselines"):
        baselines = _baselines(sample, labels, groups, default_places)
    return Evaluation(sample.name, datetime.now(UTC), len(sample.keys), labels, found, baselines, precision)


def _with_structure(measured: SpaceEvaluation, **found: Any) -> SpaceEvaluation:  # noqa: ANN401 — fields of Structure
    """Add what a projection keeps of its features, and what the database's index finds of the nearest images."""
    assert measured.structure, "it was asked for"  # noqa: S101
    return replace(measured, structure=replace(measured.structure, **found))


def _asked(sample: Sample, vectors: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Choose the places that the index is asked for."""
    by_hash = sorted(range(len(vectors)), key=lambda index: sha256(sample.keys[index]).digest())
    return [vectors[index] for index in by_hash[:QUERIES]]


def _place_halved(space: Space, recipe: SpaceRecipe, placer: Placer, sample: Sample) -> NDArray[np.float32] | None:
    """Place the sample by what its network sees in bf16, if it was described so too: (n, dimensions)."""
    extractors = [halved(extractor) for extractor in recipe.extractors]
    if extractors == list(recipe.extractors):  # in bf16 already, or without a network
        return None
    if not {extractor.recipe_hash for extractor in extractors} <= sample.features.keys():
        return None
    return space.place(placer, sample.of(extractors))


def _baselines(
    sample: Sample, labels: Labels, groups: Labels, default_places: NDArray[np.float32]
) -> dict[str, SpaceEvaluation]:
    """Measure the article's recipe, fitted on the sample itself; plain colours; chance; labels that mean nothing."""
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
