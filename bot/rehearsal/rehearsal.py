"""One rehearsal: the bot here, the playhouse there, then the reckoning."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot import config as configuration
from bot.afterwards import exports
from bot.afterwards.exports import Kept
from bot.build import DATABASE, Tertulia, build
from bot.clock import SteadyClock
from bot.config import Config
from bot.rehearsal.expectation import Outcome, SpaceTruth
from bot.rehearsal.outcome import of_space
from bot.rehearsal.playhouse import Playhouse, PlayhouseError
from bot.rehearsal.reckoning import Unmet, check
from bot.rehearsal.scenario import Scenario
from bot.rooms.observation import RoomView
from moderation.store import nudges, passes, sends, spaces
from moderation.store.database import Store
from scheduler.reminders import Kind

MODEL = Path(__file__).parent / "models" / "whisper-rehearsal"
"""The small speech model that knows the shipped voices."""

LOOK_S = 0.25
"""Seconds between two looks at the rooms."""

CLOSING_S = 60.0
"""How long the bot may take after the last step: last lines, mix, exports."""

MOST_SPACES = 100
"""No scenario holds more."""

REMINDERS = {kind.value for kind in (Kind.MEMBERS, Kind.DIRECT, Kind.HOST)}
"""Kinds of sends that remind somebody."""

Show = Callable[[list[RoomView]], None]


@dataclass(frozen=True, slots=True)
class Staged:
    """What a rehearsal plays and where its results go."""

    scenario: Scenario
    path: Path
    out: Path
    voices: Path | None = None
    """Real recordings instead of the shipped voices."""

    model: str | None = None
    """Another speech model than the rehearsal's own."""

    @property
    def words(self) -> bool:
        """Return whether the words can be expected to be recognised."""
        return self.voices is None


@dataclass(frozen=True, slots=True)
class Played:
    """What a rehearsal left in the record, and what it lacks."""

    spaces: tuple[tuple[str, Kept], ...]
    """Each Space under its name in the scenario, in order."""

    outcome: Outcome
    unmet: tuple[Unmet, ...]

    failures: tuple[str, ...]
    """What members could not do, a line each."""

    wall_s: float


def config_of(staged: Staged) -> Config:
    """Return the configuration of a rehearsal: the scenario's over the defaults."""
    document: dict[str, Any] = {
        name: dict(table) for name, table in staged.scenario.config.items()
    }
    speech = document.setdefault("speech", {})
    if staged.model is not None:
        speech["model"] = staged.model
    elif staged.voices is not None:
        speech["model"] = ""
    else:
        speech["model"] = str(MODEL)
    document.setdefault("store", {})["folder"] = str(staged.out)
    return configuration.parse(document, where=f"{staged.path}: config")


async def play(staged: Staged, show: Show) -> Played:
    """Play a rehearsal, showing the rooms as it goes, and reckon.

    Raises PlayhouseError where the other side falls over.
    """
    clock = SteadyClock()
    started = clock.now()
    async with Playhouse(staged.path, staged.voices) as playhouse:
        bot = build(config_of(staged), playhouse.connector())
        async with bot:
            serving = asyncio.create_task(bot.start(playhouse.token))
            try:
                await _first(serving, bot.client.wait_until_ready)
                began = await _first(serving, playhouse.begin)
                failures = await _first(serving, lambda: _watch(bot, playhouse, show))
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
        told = playhouse.description
    async with Store(staged.out / DATABASE) as store:
        played = await store.read(lambda db: _reckon(db, staged, told, began))
    wall_s = clock.now() - started
    return replace(played, failures=tuple(failures), wall_s=wall_s)


async def _first(
    serving: asyncio.Task[None], wanted: Callable[[], Awaitable[Any]]
) -> Any:
    """Wait for ``wanted``; the bot's own end or error comes first."""
    waiting = asyncio.ensure_future(wanted())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    serving.result()
    raise PlayhouseError("the bot stopped in the middle of the rehearsal")


async def _watch(bot: Tertulia, playhouse: Playhouse, show: Show) -> list[str]:
    finished = asyncio.create_task(playhouse.finished())
    try:
        while not finished.done():
            show(_views(bot))
            await asyncio.wait({finished}, timeout=LOOK_S)
        failures = finished.result()
    finally:
        finished.cancel()
        await asyncio.gather(finished, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_S):
            while bot.rooms.live() or await bot.passes.are_waiting():
                show(_views(bot))
                await asyncio.sleep(LOOK_S)
    show([])
    return failures


def _views(bot: Tertulia) -> list[RoomView]:
    """Look at the rooms that have opened and not ended."""
    return [room.observe() for room in bot.rooms.live() if room.space.is_live]


def _reckon(
    db: Database, staged: Staged, told: Mapping[str, Any], began: float
) -> Played:
    held = spaces.recent(db, int(told["guild_id"]), MOST_SPACES)
    kept = [exports.read(db, row.id) for row in reversed(held)]
    names = [space.name for space in staged.scenario.spaces]
    named = tuple(zip(names, kept, strict=False))
    outcome = Outcome(
        spaces={
            name: of_space(
                one, nudges.read(db, one.space.id), passes.get(db, one.space.id)
            )
            for name, one in named
        },
        truth={name: SpaceTruth(**truth) for name, truth in told["truth"].items()},
        reminders=[
            row.settled_at - began
            for row in sends.sent(db)
            if row.kind in REMINDERS and row.settled_at is not None
        ],
        words=staged.words,
    )
    unmet = check(staged.scenario.expect, outcome)
    return Played(named, outcome, tuple(unmet), (), 0.0)
