"""Evaluate every published space on a labelled collection: the sample, its places in each space, the baselines."""

from ingest.evaluating.describing import describe_source
from ingest.evaluating.evaluating import evaluate
from ingest.evaluating.held_out import measure_held_out, trained_on, without_trained_on
from ingest.evaluating.labels import group_labels, label_values
from ingest.evaluating.sample import Sample, extractors_of, halved
from ingest.evaluating.stored import describe_collection

__all__ = [
    "Sample",
    "describe_collection",
    "describe_source",
    "evaluate",
    "extractors_of",
    "group_labels",
    "halved",
    "label_values",
    "measure_held_out",
    "trained_on",
    "without_trained_on",
]
