"""Show what `python -m benchmarks hubs` measured. Knows only the result."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

__all__ = ["WIDTH", "hubs_table"]

WIDTH = 140
GRAPH = {
    "skew": "{:.2f}",
    "most": "{:.0f}",
    "nobody's": "{:.1f}%",
    "parts": "{:.0f}",
    "angle": "{:.3f}",
    "artist": "{:.3f}",
    "style": "{:.3f}",
}
PATHS = {
    "used": "{:.1f}%",
    "chance": "{:.1f}%",
    "hub": "{:.1f}%",
    "gini": "{:.3f}",
    "steps": "{:.2f}",
    "length": "{:.2f}",
    "worst": "{:.3f}",
    "artist": "{:.3f}",
    "style": "{:.3f}",
}


def hubs_table(result: Mapping[str, Any]) -> Table:
    """Give one row for each space, taming and mode; the graph's figures stand in the first of its rows."""
    table = Table(box=None, padding=(0, 1, 0, 0), caption_justify="left", caption=_CAPTION.format(**result))
    table.add_column("", max_width=24, overflow="fold")
    for heading in (*GRAPH, "mode", *PATHS):
        table.add_column(heading, justify="left" if heading == "mode" else "right", no_wrap=True)
    for space, measured in result["spaces"].items():
        table.add_row(f"{space}, {measured['images']:,} images", style="bold")
        for taming, figures in measured["tamings"].items():
            for place, mode in enumerate(mode for mode in figures if mode != "graph"):
                told = _cells(figures["graph"], GRAPH) if place == 0 else [""] * len(GRAPH)
                table.add_row("" if place else taming, *told, mode, *_cells(figures[mode], PATHS))
    return table


def _cells(figures: Mapping[str, float], formats: Mapping[str, str]) -> list[str]:
    return [text.format(figures[name]) if name in figures else "" for name, text in formats.items()]


_CAPTION = """\
k = {k}; {pairs:,} pairs. Of a graph: skew and most of the in-degree, images that are nobody's neighbour, parts (one
more than bridges), the mean angle to a neighbour, neighbours of the same artist and style. Of paths: inner images that
are among the 1 % used most, what that would be by chance, those among the 1 % that are the greatest hubs; the Gini
coefficient of use; steps, length and worst step; steps between images of the same artist and style."""
