"""Show an evaluation as tables for a terminal of 80 columns. Knows no database."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from enfilade.evaluation.charts import members

__all__ = ["tables"]

_NAME_ROOM = 18  # what the figures leave of 80 columns


def tables(result: Mapping[str, Any]) -> Iterator[Table]:
    """Yield a table for each label, then one of the spaces' structure, and one of precisions where any was tried.

    result: as Evaluation.as_dict gives it, or as it was read back from JSON. Intervals are of 95 %.
    """
    for label in result["labels"]:
        yield _label_table(result, label)
    if result["structure"]:
        yield _structure_table(result["structure"])
    if result["precision"]:
        yield _precision_table(result["precision"])


def _label_table(result: Mapping[str, Any], label: str) -> Table:
    table = _table(label, "mAP@10", "95 %", "P@1", "pairs' AUC", "triplets", "to default")
    for name, kind, labels in members(result):
        if found := labels.get(label):
            table.add_row(
                Text(name, style="dim" if kind == "baseline" else "bold" if kind == "default" else ""),
                _figure(found["map_at_10"]),
                _span(found["interval"]),
                _figure(found["p_at_1"]),
                _figure(found["pairs"] and found["pairs"]["roc_auc"]),
                _figure(found["pairs"] and found["pairs"]["triplet_accuracy"]),
                _change(found["versus"]),
            )
    return table


def _structure_table(structure: Mapping[str, Any]) -> Table:
    table = _table("structure", "hub skew", "nobody's", "greatest", "pieces, k = 5, 10, 15", "HNSW recall")
    for name, found in structure.items():
        hubness = found["hubness"]
        table.add_row(
            Text(name),
            f"{hubness['skew']:.2f}",
            f"{hubness['orphans']:.1%}",
            f"{hubness['most']:,}",
            ", ".join(f"{at['union']['components']:,}" for at in found["connectedness"]),
            _figure(found["hnsw_recall"]),
        )
    return table


def _precision_table(precision: Mapping[str, Any]) -> Table:
    table = _table("precision", "label", "mAP@10", "difference", "95 %")
    for name, labels in precision.items():
        for label, found in labels.items():
            table.add_row(
                Text(name),
                Text(label),
                _figure(found["map_at_10"]),
                f"{found['difference']:+.4f}",
                _span(found["interval"], signed=True),
            )
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    # As Text, since a label or a space may be called what rich would read as markup.
    table.add_column(Text(first), max_width=_NAME_ROOM, overflow="ellipsis", no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _span(interval: tuple[float, float] | None, *, signed: bool = False) -> str:
    if interval is None:
        return ""
    low, high = interval
    return f"{low:+.4f} … {high:+.4f}" if signed else f"{low:.3f}–{high:.3f}"


def _change(versus: Mapping[str, Any] | None) -> str:
    """Tell a difference, with a star where its interval excludes nought."""
    if versus is None:
        return ""
    low, high = versus["interval"]
    return f"{versus['map_at_10']:+.3f}{'*' if low > 0 or high < 0 else ' '}"
