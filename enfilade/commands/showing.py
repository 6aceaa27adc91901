"""How images are shown on a terminal."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from enfilade.queries.images import Image

__all__ = ["console", "image_as_dict", "image_cells", "image_table", "print_table"]

WIDE = 200
NUMBERS_ROOM = 36  # rank, step or distance, id, year, and the gaps between all columns
LEAST_ROOM = 24
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
"""As wide as the terminal, or wide enough for whole lines where the output is none."""


def image_table(*first: str) -> Table:
    """Begin a table whose rows end in an image; numbers and years are whole, words share the room that is left."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for name in (*first, "id"):
        table.add_column(name, justify="right", no_wrap=True)
    room = max(console.width - NUMBERS_ROOM, LEAST_ROOM)
    for name, share in (("title", 0.4), ("artist", 0.25), ("year", None), ("file", 0.35)):
        table.add_column(
            name, overflow="ellipsis", no_wrap=True, max_width=None if share is None else int(share * room)
        )
    return table


def image_cells(image: Image) -> list[Text]:
    """Give an image's cells of such a table."""
    file = PurePath(image.sources[0]).name if image.sources else ""
    # As Text, since a title may hold what rich would read as markup.
    return [Text(cell) for cell in (str(image.id), image.title or "", image.artist or "", image.year, file)]


def print_table(table: Table) -> None:
    """Print a table; whole lines where the output is not a terminal."""
    console.print(table, soft_wrap=False)


def image_as_dict(image: Image) -> Mapping[str, Any]:
    """Give an image as JSON has it."""
    fields = asdict(image)
    fields.pop("hidden_at")
    return {**fields, "ingested_at": image.ingested_at.isoformat(), "attributes": dict(image.attributes)}
