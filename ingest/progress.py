"""Progress on stderr: a bar with rate and time left on a terminal, one line a stage elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

__all__ = ["Advance", "Reporter"]

Advance = Callable[[int], None]
"""Tells that so many more are done."""


class _Rate(ProgressColumn):
    """So many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s", style="progress.data.speed")


class Reporter:
    """Tells a person what an ingest is doing."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def say(self, sentence: str) -> None:
        """Print a sentence."""
        self.console.print(sentence, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Show a stage while it lasts; without a total, as a spinner."""
        columns = [
            SpinnerColumn(),
            TextColumn("{task.description:<12}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
        ]
        if total is not None:
            columns[3:] = [MofNCompleteColumn(), _Rate(), TimeRemainingColumn(elapsed_when_finished=True)]
        if not self.console.is_terminal:
            self.say(f"{name}…" if total is None else f"{name} ({total:,})…")
        with Progress(*columns, console=self.console, disable=not self.console.is_terminal) as progress:
            task = progress.add_task(name, total=total)
            yield lambda count: progress.advance(task, count)
