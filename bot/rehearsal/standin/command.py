"""``tertulia stand-in``: serve a loopback Discord for any client, until SIGTERM."""

import asyncio
import functools
import json
import signal
from pathlib import Path

import click

from bot.rehearsal.scenario import load
from bot.rehearsal.standin.casting import repertoire_of, seed_of, settings_of
from bot.rehearsal.standin.seed import Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.wire import Json

PORT = click.IntRange(0, 65535)


@click.command("stand-in", short_help="Serve a loopback Discord, to test any bot.")
@click.argument(
    "scenario", required=False, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON line, then serve."
)
@click.option(
    "--tls-port",
    type=PORT,
    default=0,
    help="TLS port; 443 for the hosts file; any free one if left out.",
)
@click.option(
    "--port",
    type=PORT,
    default=0,
    help="Port of plain HTTP and the control; any free one if left out.",
)
def serve_command(
    scenario: Path | None, as_json: bool, tls_port: int, port: int
) -> None:
    """Serve a loopback Discord, for any client library, until SIGTERM."""
    asyncio.run(_serve(scenario, as_json, tls_port, port))


async def _serve(path: Path | None, as_json: bool, tls_port: int, port: int) -> None:
    if path is None:
        settings = StandInSettings(tls_port=tls_port, plain_port=port)
        stand_in = StandIn(Seed(), settings)
    else:
        scenario = load(path)
        settings = settings_of(scenario, tls_port=tls_port, plain_port=port)
        stand_in = StandIn(seed_of(scenario), settings)
        for name, member in stand_in.members.items():
            member.repertoire = functools.partial(repertoire_of, scenario, name)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with stand_in:
        described = stand_in.description()
        click.echo(json.dumps(described) if as_json else _lines(described))
        await stopped.wait()


def _lines(described: Json) -> str:
    people = ", ".join(one["name"] for one in described["members"])
    shown = {key: one for key, one in described.items() if key != "members"}
    lines = [f"{key:18} {one}" for key, one in shown.items()]
    return "\n".join([*lines, f"{'members':18} {people}"])
