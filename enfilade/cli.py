"""The front door: names each command and where it lives, and turns errors into sentences. Nothing else."""

import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click
import psycopg
from sqlalchemy.exc import DBAPIError

from enfilade.errors import EnfiladeError

__all__ = ["main"]

COMMANDS = {
    "demo": "ingest.commands.demo",
    "ingest": "ingest.commands.ingest",
    "spaces": "ingest.commands.spaces",
    "train-condition": "ingest.commands.train_condition",
    "evaluate": "ingest.commands.evaluate",
    "remove": "ingest.commands.remove",
    "restore-image": "ingest.commands.restore_image",
    "duplicates": "ingest.commands.duplicates",
    "serve": "server.commands.serve",
    "search": "enfilade.commands.search",
    "path": "enfilade.commands.path",
    "status": "enfilade.commands.status",
    "psql": "enfilade.commands.psql",
    "url": "enfilade.commands.url",
    "stop": "enfilade.commands.stop",
    "migrate": "enfilade.commands.migrate",
    "doctor": "enfilade.commands.doctor",
}


class _LazyGroup(click.Group):
    """Loads a command's module only when it is asked for, so that none pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="enfilade")
def entry() -> None:
    """Walk through a collection of pictures by likeness.

    Begin with `enfilade demo`, or with `enfilade ingest FOLDER`; then `enfilade search FILE` and `enfilade path A B`.
    The data lies in ENFILADE_HOME, in an embedded Postgres, unless DATABASE_URL names another.
    """


def main() -> NoReturn:
    """Run the command line: exit 0, 1 where the data is at fault, 2 where the usage is."""
    # As an exception, so that what a command opened is closed again.
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = entry(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted. What was done is kept; run it again to go on.", 130)
    except EnfiladeError as error:
        _fail(f"Error: {error}", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough, as `head` does
        sys.exit(0)
    except DBAPIError as error:
        _fail(f"Error: the database said: {error.orig}", 1)
    except psycopg.Error as error:
        _fail(f"Error: the database said: {error}", 1)
    except UnicodeEncodeError as error:
        _fail(f"Error: {error.object!r} is no valid text.", 2)
    except OSError as error:
        _fail(f"Error: {error}", 1)
    sys.exit(code)


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def _terminate(signum: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signum)
