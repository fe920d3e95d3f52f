"""``tertulia doctor``: every check, worst last, and what to do about each."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot import config as configuration
from bot.doctor import guilds, kept, machine
from bot.doctor.check import Check, Verdict, failure, ok
from bot.errors import ConfigError

MARKS = {
    Verdict.OK: "[green]ok",
    Verdict.WARNING: "[yellow]less",
    Verdict.FAILURE: "[red]fails",
}


@click.command(short_help="Say what is missing, here and in Discord.")
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration to check with; defaults where there is none.",
)
@click.option("--offline", is_flag=True, help="Look at this machine only.")
def doctor(path: Path, offline: bool) -> None:
    """Check this machine, the token and the permissions; say what to do.

    Exit code 0 where the bot can work, 2 where it cannot.
    """
    checks: list[Check] = []
    config = configuration.Config()
    try:
        config = configuration.load(path)
        checks.append(ok("configuration", str(path)))
    except ConfigError as error:
        for line in str(error).splitlines():
            named = "config.example.toml" in line
            remedy = "" if named else "see config.example.toml"
            checks.append(failure("configuration", line, remedy))
    checks.extend(machine.look(config))
    checks.append(kept.look(config))
    if not offline:
        try:
            token = configuration.token(config)
        except ConfigError as error:
            remedy = str(error).removeprefix("no token: ")
            checks.append(failure("token", "none", remedy))
        else:
            checks.extend(asyncio.run(guilds.look(config, token)))
    show(checks, Console())
    if any(check.verdict is Verdict.FAILURE for check in checks):
        sys.exit(2)


def show(checks: Iterable[Check], console: Console) -> None:
    """Print the checks, failures last, where the eye ends up."""
    table = Table("", "", box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(overflow="fold")  # a path is whole, so that it can be copied
    order = list(Verdict)
    for check in sorted(checks, key=lambda one: order.index(one.verdict)):
        told = f"{check.seen}\n[dim]→ {check.remedy}" if check.remedy else check.seen
        table.add_row(MARKS[check.verdict], check.name, told)
    console.print(table)
