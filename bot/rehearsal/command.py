"""``tertulia rehearse``: the whole product on one machine, without Discord."""

import asyncio
import datetime
import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from bot import disk, logs
from bot.afterwards.amending import Amendments
from bot.build import DATABASE
from bot.clock import SteadyClock
from bot.errors import UsageError
from bot.page.app import Page
from bot.page.editing import Editing
from bot.page.rights import Owner
from bot.page.server import PageServer
from bot.page.tickets import Tickets, Viewer
from bot.rehearsal import report
from bot.rehearsal.rehearsal import Played, Staged, config_of, play
from bot.rehearsal.scenario import find, load
from bot.rehearsal.telling import Telling
from bot.rehearsal.view import clock, draw
from bot.rooms.observation import RoomView
from bot.settings import PageSettings
from media.whisper.models import locate
from moderation.store.database import Store

NEEDED_MB = 100
"""Room on the disk that a rehearsal takes at most."""

Show = Callable[[list[RoomView]], None]


@click.command(short_help="Hear it work without Discord.")
@click.argument("scenario", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the results go; a new folder under rehearsal/ by default.",
)
@click.option(
    "--voices",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of real recordings with manifest.csv, in place of the voices.",
)
@click.option("--model", help='Another speech model: name or directory; "" for none.')
@click.option("--serve", is_flag=True, help="Keep the review page up at the end.")
@click.option("--log", is_flag=True, help="Show the bot's own log.")
def rehearse(
    scenario: Path | None,
    out: Path | None,
    voices: Path | None,
    model: str | None,
    serve: bool,
    log: bool,
) -> None:
    """Run the bot against a loopback Discord in which scripted members speak.

    SCENARIO is a file, or the name of one that is shipped: default (which is played
    where none is named) or rough. Exit code 0 only if what the scenario expects
    happened, 1 if not, 2 if it could not be played.
    """
    path = find(scenario)
    if model:
        locate(model)
    staged = Staged(load(path), path, _folder(out), voices, model)
    config_of(staged)  # a scenario with a wrong setting is refused before anything runs
    logging.basicConfig(level="INFO" if log else "ERROR", stream=sys.stderr)
    logs.hush()
    console = Console()
    with _showing(console, staged.scenario.lasts) as show:
        played = asyncio.run(play(staged, show))
    report.show(staged, played, console)
    _write(staged, played)
    if serve:
        asyncio.run(_serve(staged, played, console))
    sys.exit(1 if played.unmet else 0)


def _folder(out: Path | None) -> Path:
    """Make the results' folder; raise UsageError where it cannot be used."""
    if out is None:
        now = datetime.datetime.now().astimezone()
        out = Path("rehearsal") / now.strftime("%Y-%m-%d-%H%M%S")
    out = out.absolute()
    if (out / DATABASE).exists():
        if not (out / report.FILE).exists():
            raise UsageError(
                f"{out}: holds a database that is no rehearsal's; name "
                "another folder with --out"
            )
        shutil.rmtree(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        free_mb = disk.free_mb(out)
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror}; choose another --out") from None
    if free_mb < NEEDED_MB:
        raise UsageError(
            f"{out}: {free_mb} MB free, a rehearsal needs {NEEDED_MB}; free some space"
        )
    return out


@contextmanager
def _showing(console: Console, lasts_s: float) -> Iterator[Show]:
    """Draw the rooms on a terminal; elsewhere say what changes, line by line."""
    setting = (
        f"Setting the stage … The talk takes {clock(lasts_s)}, then the reckoning."
    )
    if not console.is_terminal:
        telling = Telling()

        def say(views: list[RoomView]) -> None:
            for line in telling.lines(views):
                console.print(Text(line), soft_wrap=True)

        console.print(setting, highlight=False)
        yield say
        return
    waiting = Text(setting, "dim")
    with Live(waiting, console=console, refresh_per_second=4, transient=True) as live:

        def show(views: list[RoomView]) -> None:
            live.update(Group(*(draw(view) for view in views)) if views else waiting)

        yield show


def _write(staged: Staged, played: Played) -> None:
    text = json.dumps(report.document(staged, played), ensure_ascii=False, indent=1)
    partial = staged.out / f".{report.FILE}.partial"
    partial.write_text(text + "\n", "utf-8")
    partial.replace(staged.out / report.FILE)


async def _serve(staged: Staged, played: Played, console: Console) -> None:
    """Serve the review page over the results until Ctrl-C."""
    if not played.spaces:
        raise UsageError("there is no Space to review")
    space = played.spaces[0][1].space
    clock, tickets = SteadyClock(), Tickets()
    viewer = Viewer(space.host_id, space.guild_id, "host", space.language)
    async with Store(staged.out / DATABASE) as store:
        amendments = Amendments(store, clock.now)
        await amendments.finish()
        editing = Editing(store, clock, amendments, Owner())
        page = Page(store, tickets, clock, editing=editing)
        server = PageServer(page, PageSettings(port=0))
        await server.start()
        ticket = tickets.issue(viewer, clock.now())
        console.print("\nReview the Spaces (the link works once; Ctrl-C ends this):")
        console.print(Text(f"{server.url}/open?ticket={ticket}"), soft_wrap=True)
        try:
            await asyncio.Event().wait()
        finally:
            await server.stop()
            await amendments.close()
