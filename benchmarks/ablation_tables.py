"""Show an ablation as tables for a terminal of 80 columns, one for each label."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

__all__ = ["ablation_tables"]

DIGITS = 3


def ablation_tables(result: Mapping[str, Any]) -> Iterator[Table]:
    """Yield a table for each label: mAP@10, P@1, and the difference of mAP@10 to the default of the group.

    result: as benchmarks.ablation.run gives it. Each figure stands with half its interval of 95 %; a default is bold,
    and a difference has a star where its interval excludes nought. Baselines are set against the default kinship.
    """
    for label in result["values"]:
        table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
        table.add_column(Text(label))
        for name in ("mAP@10", "P@1", "to default"):
            table.add_column(name, justify="right", no_wrap=True)
        for group, rows in groupby(result["rows"], key=lambda row: row["group"]):
            table.add_row(Text(group, style="dim"))
            for row in rows:
                _add(table, row, row["labels"][label])
            table.add_section()
        yield table


def _add(table: Table, row: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    name = Text(f"  {row['variant']}", style="bold" if row["is_default"] else "")
    cells = [_figure(figures["map_at_10"]), _figure(figures["p_at_1"])]
    table.add_row(name, *cells, "" if row["is_default"] else _difference(figures["difference"]))


def _figure(one: Mapping[str, Any], sign: str = "") -> str:
    return f"{one['value']:{sign}.{DIGITS}f} ± {one['half_width']:.{DIGITS}f}"


def _difference(one: Mapping[str, Any]) -> str:
    low, high = one["interval"]
    return _figure(one, "+") + ("*" if low > 0 or high < 0 else " ")
