"""The part of `enfilade evaluate` that asks whether a search by picture knows when it knows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from enfilade.commands.showing import console
from enfilade.database import open_database
from enfilade.evaluation.trust import Trial, measure_trust
from enfilade.settings import Settings
from ingest.evaluating.trust import Asking
from ingest.progress import Reporter
from ingest.sources import open_source

__all__ = ["Asked", "measure", "show_trust"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The manifests to ask for."""

    members: Path | None
    match_column: str
    unseen: Sequence[Path]
    strangers: Sequence[Path]


def measure(settings: Settings, asked: Asked, reporter: Reporter) -> dict[str, Any]:
    """Ask for every picture of the manifests, as a search does, and sum up. Raises CalibrationError, SourceError."""
    with open_database(settings) as engine, engine.connect() as connection:
        asking = Asking(connection, settings.home)

        def of(paths: Sequence[Path]) -> dict[str, list[Trial]]:
            return {_name(path): asking.ask(open_source(path), reporter) for path in paths}

        members = asking.ask(open_source(asked.members), reporter, asked.match_column) if asked.members else []
        return measure_trust(members, of(asked.unseen), of(asked.strangers))


def show_trust(result: dict[str, Any], *, as_json: bool) -> None:
    """Print what was measured."""
    if as_json:
        click.echo(json.dumps(result))
        return
    table = Table("", "pictures", "recall@1", "recall@5", "match on the right work", "false match", "AUROC", box=None)
    if result["members"]:
        shares = [_percent(result[name]) for name in ("recall_at_1", "recall_at_5", "match_recall")]
        table.add_row("members", str(result["members"]), *shares, "", "")
    for kind in ("unseen", "strangers"):
        for name, told in result[kind].items():
            auroc = told.get("auroc")
            false = _percent(told["false_match_rate"])
            row = [
                f"{kind}: {name}",
                str(told["pictures"]),
                "",
                "",
                "",
                false,
                f"{auroc:.4f}" if auroc is not None else "",
            ]
            table.add_row(*row)
    console.print(table, soft_wrap=False)
    errors = ", ".join(f"{name} {error:.3f}" for name, error in result["calibration_error"].items())
    console.print(f"Expected calibration error: {errors}.")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f} %"


def _name(path: Path) -> str:
    return path.parent.name if path.stem == "metadata" else path.stem
