"""What the default recipes rest on: each beside itself with one thing changed, on a labelled collection."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.fits import Fits
from benchmarks.variants import Group, recipe_groups
from enfilade.descriptors import Extractor
from enfilade.evaluation.baselines import random_vectors, seed_vectors
from enfilade.evaluation.directions import unit_rows
from enfilade.evaluation.intervals import Estimate, estimate_difference, estimate_mean
from enfilade.evaluation.measures import Labels
from enfilade.evaluation.retrieval import ExactNeighbours, Retrieval, label_codes, retrieve
from enfilade.inference import computes
from enfilade.settings import Settings
from ingest.evaluating import Sample, describe_source, label_values
from ingest.evaluating.sample import BASELINE
from ingest.progress import Reporter
from ingest.sources import open_source

__all__ = ["run"]

Found = Mapping[str, Retrieval]
"""What the queries of each label found."""


def run(manifest: Path, labels: Sequence[str], fit: Path | None) -> dict[str, Any]:
    """Measure every variant on the pictures of a manifest, projections fitted on them or on those of another one.

    Nothing is stored but converted networks. Raises SourceError, TooFewImagesError.
    """
    reporter, home = Reporter(Console(stderr=True)), Settings.from_environment().home
    groups = list(recipe_groups(with_bf16=computes("bf16")))
    sample = describe_source(open_source(manifest), _extractors(groups), home, reporter)
    fitted_on = describe_source(open_source(fit), _extractors(groups), home, reporter) if fit else sample
    values = label_values(sample.descriptions, labels)
    with reporter.stage("Measure"):
        rows = _measure(groups, Fits(fitted_on), sample, values)
    return {
        "manifest": sample.name,
        "images": len(sample.keys),
        "fitted_on": fitted_on.name,
        "fitted_images": len(fitted_on.keys),
        "values": {label: len(set(of) - {None}) for label, of in values.items()},
        "rows": rows,
    }


def _extractors(groups: Sequence[Group]) -> list[Extractor]:
    every = [extractor for group in groups for recipe in group.recipes.values() for extractor in recipe.extractors]
    return list({extractor.recipe_hash: extractor for extractor in [*every, BASELINE]}.values())


def _measure(groups: Sequence[Group], fits: Fits, sample: Sample, labels: Labels) -> list[dict[str, Any]]:
    """Give a row for each variant: its figures by label, and what they differ by from its group's default."""
    codes = {label: label_codes(values) for label, values in labels.items()}
    found = {
        group.name: {name: _find(fits.place(recipe, sample), codes) for name, recipe in group.recipes.items()}
        for group in groups
    }
    (features,) = sample.of([BASELINE])
    found["content"] |= {"cosine of the features": _find(unit_rows(features.astype(np.float64)), codes)}
    rows = [
        _row(group.name, name, one, found[group.name][group.default], is_default=name == group.default)
        for group in groups
        for name, one in found[group.name].items()
    ]
    baselines = {"seed": seed_vectors(features), "random": random_vectors(len(features))}
    best = found["kinship"]["default"]
    return [*(_row("baselines", name, _find(places, codes), best) for name, places in baselines.items()), *rows]


def _find(places: NDArray[np.float32], codes: Mapping[str, NDArray[np.int64]]) -> Found:
    nearest = ExactNeighbours(places)
    return {label: retrieve(of, nearest) for label, of in codes.items()}


def _row(group: str, name: str, found: Found, default: Found, *, is_default: bool = False) -> dict[str, Any]:
    figures = {label: _figures(one, default[label]) for label, one in found.items()}
    return {"group": group, "variant": name, "is_default": is_default, "labels": figures}


def _figures(found: Retrieval, default: Retrieval) -> dict[str, Any]:
    estimates = {
        "map_at_10": estimate_mean(found.average_precision),
        "p_at_1": estimate_mean(found.hit),
        "difference": estimate_difference(found.average_precision, default.average_precision),
    }
    return {"queries": len(found.queries)} | {name: _with_half_width(one) for name, one in estimates.items() if one}


def _with_half_width(one: Estimate) -> dict[str, Any]:
    return {"value": one.value, "interval": one.interval, "half_width": (one.high - one.low) / 2}
