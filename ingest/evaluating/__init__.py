"""Evaluate every published space on a labelled collection: the sample, its places in each space, the baselines."""

from ingest.evaluating.describing import describe_source
from ingest.evaluating.evaluating import evaluate
from ingest.evaluating.labels import group_labels, label_values
from ingest.evaluating.sample import Sample, halved, published_extractors
from ingest.evaluating.stored import describe_collection

__all__ = ["Sample", "describe_collection", "describe_source", "evaluate", "group_labels", "halved", "label_values", "published_extractors"]
