"""`enfilade doctor`: what is installed, what the processor can do, whether the database is sound."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain

import click

from enfilade.commands.options import json_option
from enfilade.commands.showing import console
from enfilade.database import open_database
from enfilade.errors import EnfiladeError
from enfilade.health import Check, check_database, check_machine
from enfilade.settings import Settings

__all__ = ["command"]


@click.command("doctor")
@json_option
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Look whether everything is in order; exit 1 if something is not."""
    settings = Settings.from_environment()
    checks = []
    for check in chain(check_machine(settings), _look_at_database(settings)):
        checks.append(check)
        if not as_json:
            _tell(check)
    if as_json:
        click.echo(json.dumps({"sound": all(check.sound for check in checks), "checks": list(map(asdict, checks))}))
    if not all(check.sound for check in checks):
        context.exit(1)


def _look_at_database(settings: Settings) -> Iterator[Check]:
    try:
        with open_database(settings) as engine, engine.connect() as connection:
            yield from check_database(connection)
    except EnfiladeError as error:
        yield Check("database", str(error), sound=False)


def _tell(check: Check) -> None:
    console.print("[green]ok [/]" if check.sound else "[red]BAD[/]", f"{check.name}:", end=" ")
    console.print(check.detail, markup=False)
