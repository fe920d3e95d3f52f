"""The ``tertulia`` command.

Each subcommand lives beside what it runs and is imported only when it is asked for:
``tertulia stand-in`` loads no speech model, and ``--help`` loads nothing.
An error that a person can mend is one line and exit code 2; 1 means that a
rehearsal did not show what its scenario expects.
"""

import importlib
import sys

import click
from typing_extensions import override

from bot.errors import BotError
from media.errors import MediaError
from moderation.errors import ModerationError

COMMANDS = {
    "run": "bot.run:run",
    "rehearse": "bot.rehearsal.command:rehearse",
    "stand-in": "bot.rehearsal.standin.command:serve_command",
    "doctor": "bot.doctor.command:doctor",
    "models": "bot.models:models",
    "analyze": "bot.analyze:analyze",
}
"""Subcommand → where it is."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{where} is not a click command")
        return command


@click.group(cls=_Commands)
@click.version_option(package_name="tertulia", message="%(prog)s %(version)s")
def cli() -> None:
    """Turn a Discord stage or voice channel into a moderated Space."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    try:
        code = cli.main(arguments, prog_name="tertulia", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except (BotError, MediaError, ModerationError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if isinstance(code, int) and code:
        sys.exit(code)  # click hands the code of ctx.exit() back to its caller
