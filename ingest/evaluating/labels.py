"""Labels of the pictures that are evaluated on: any column of the manifest."""

from collections import Counter
from collections.abc import Sequence

from enfilade.errors import SourceError
from enfilade.evaluation.measures import Labels
from ingest.described import Description, value_of

__all__ = ["group_labels", "label_values"]

USUAL = ("artist", "style", "genre")


def label_values(descriptions: Sequence[Description], names: Sequence[str]) -> Labels:
    """Give each label's value for each picture; without names, those of artist, style and genre that tell something.

    Raises SourceError for a label that no picture has, or of which no value has two pictures.
    """
    labels = {name: [value_of(one, name) for one in descriptions] for name in names or USUAL}
    for name in list(labels):
        if max(Counter(value for value in labels[name] if value is not None).values(), default=0) > 1:
            continue
        if names:
            there_is = ", ".join(_columns(descriptions)) or "none"
            raise SourceError(f"No two pictures share a value of {name!r}. Columns with values: {there_is}.")
        del labels[name]
    if not labels:
        raise SourceError(f"No two pictures share an {', a '.join(USUAL)}. Name a column with --label.")
    return labels


def group_labels(descriptions: Sequence[Description], labels: Labels, group: str) -> Labels:
    """Give for each label but the group itself what no pair may share, where any picture has it."""
    values = [value_of(one, group) for one in descriptions]
    return {label: values for label in labels if label != group and any(values)}


def _columns(descriptions: Sequence[Description]) -> list[str]:
    columns = {column for column in USUAL if any(getattr(one, column) for one in descriptions)}
    return sorted(columns | {name for one in descriptions for name in one.attributes})
