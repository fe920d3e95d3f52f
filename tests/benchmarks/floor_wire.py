"""The floor on the wire: real discord.py, TLS, gateway, voice, against the stand-in.

Bot and stand-in share one process and one event loop, so that every figure holds the
stand-in's own work too. Discord's rate limits are on where people fill a room. They
are off where they would be all that is measured: at a command's way, and at fifty
Spaces, which the stand-in has to hold in one guild. The full voice channel has no DAVE,
because its 99 ends would all be computed here.
"""

import asyncio
import contextlib
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.rehearsal.standin.limits import LimitSettings
from bot.rehearsal.standin.rest.api import Exchange
from bot.rehearsal.standin.seed import ChannelSeed, MemberSeed, Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.sightings import Sight
from bot.rehearsal.standin.tone import speech
from bot.rehearsal.standin.voice_desk import VoiceSettings
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.channels import ChannelType
from bot.rooms.opening import Opening
from bot.rooms.venue import venue_of
from moderation.events import HandRaised, SpeechEnded, SpeechStarted
from moderation.settings import RoomKind, SpaceSettings
from tests.bot.guild import ANA, HOST, LUIS, Stage, bot_on
from tests.bot.waiting import until
from tests.figures import Figure

LISTENERS, JOINED_IN_S = 1000, 10.0
CROWD = 98
"""Listeners of the voice channel; with host and bot it is full."""

VOICES, PAUSE_S = 16, 3.0
ROUNDS = 60
SPACES, EACH, LIVE_S = 50, 3, 15.0
PERCENTILE = 0.99

PATIENCE_S = 300.0
"""A machine that does much else is slow, but measured all the same."""


@dataclass
class Wire:
    """The requests of the bot, with the moment at which each was answered."""

    seen: list[tuple[float, Exchange]] = field(default_factory=list)

    def watch(self, standin: StandIn) -> None:
        """Note every request from now on."""
        see = standin.sightings.see

        def note(sight: Sight) -> None:
            if isinstance(sight, Exchange):
                self.seen.append((time.perf_counter(), sight))
            see(sight)

        # The moment of each is what is measured; the record has none.
        standin.api._record = note

    async def call(self, part: str, since: int, **sent: object) -> float:
        """Return when a change whose path ends with ``part`` was asked for."""

        def found() -> float | None:
            for at, one in self.seen[since:]:
                body = one.sent if isinstance(one.sent, dict) else {}
                same = one.method == "PATCH" and one.path.endswith(part)
                if same and sent.items() <= body.items():
                    return at
            return None

        await until(lambda: found() is not None, seconds=PATIENCE_S)
        return found() or 0.0


@contextlib.asynccontextmanager
async def world(
    kind: RoomKind,
    *,
    limits: bool = True,
    rooms: int = 0,
    extra: int = 0,
    dave: bool = True,
) -> AsyncIterator[tuple[Stage, Wire]]:
    """Give a guild with the bot in it, and its requests."""
    people = (MemberSeed(HOST), MemberSeed(ANA), MemberSeed(LUIS))
    channels = [ChannelSeed("stage", ChannelType.STAGE)]
    channels += [ChannelSeed(f"v{n}", ChannelType.VOICE) for n in range(rooms + 1)]
    extras = tuple(f"listener {number}" for number in range(extra))
    seed = Seed(members=people, channels=tuple(channels), extra=extras)
    settings = StandInSettings(
        limits=LimitSettings(on=limits), voice=VoiceSettings(dave=dave)
    )
    logging.getLogger("discord").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        async with StandIn(seed, settings) as standin:
            wire = Wire()
            wire.watch(standin)
            async with bot_on(standin, Path(name)) as bot:
                yield Stage(standin, bot, kind), wire


def p99(values: list[float]) -> float:
    """Return the 99th percentile; of few values, the worst."""
    ordered = sorted(values)
    return ordered[round(PERCENTILE * (len(ordered) - 1))]


async def commands() -> list[float]:
    """Invite and demote over and over; return ms from command to request."""
    taken = []
    async with world(RoomKind.STAGE, limits=False) as (stage, wire):
        await stage.enter(HOST, ANA)
        await stage.opened()
        ana = stage.member(ANA).id
        for number in range(ROUNDS):
            asked = number % 2 == 0
            command = "floor invite" if asked else "floor demote"
            since, start = len(wire.seen), time.perf_counter()
            sent = await stage.said(HOST, command, member=str(ana))
            at = await wire.call(f"voice-states/{ana}", since, suppress=not asked)
            taken.append(1000 * (at - start))
            await stage.answer(sent)
            if asked:
                await stage.member(ANA).accept()
                await until(lambda: not stage.suppressed(ANA), seconds=PATIENCE_S)
    return taken


@dataclass
class Crowd:
    """What a full voice channel brought."""

    late_ms: list[float]
    limited: int
    """Requests that Discord's limits refused."""

    calls: int
    seconds: float


async def full_channel() -> Crowd:
    """Fill a voice channel; let listeners who are not muted yet speak up."""
    async with world(RoomKind.VOICE, extra=CROWD, dave=False) as (stage, wire):
        await stage.enter(HOST)
        standin, place = stage.standin, stage.channel_id
        crowd = [standin.member(f"listener {n}") for n in range(CROWD)]
        for one in crowd:
            await one.join(place)
        start = time.perf_counter()
        await stage.opened()
        room = stage.bot.rooms.live()[0]
        await until(lambda: room.ears.snapshot() is not None, seconds=PATIENCE_S)
        await asyncio.sleep(2.0)  # DAVE's first epoch, and the first tidying
        frames = speech(0.4)
        late = []
        for one in reversed(crowd[-VOICES:]):
            member = standin.world.guild.members[one.id]
            if member.mute:
                continue
            since, spoke = len(wire.seen), time.perf_counter()
            speaking = one.start_speaking(frames)
            at = await wire.call(f"members/{one.id}", since, mute=True)
            late.append(1000 * (at - spoke))
            await speaking
            await asyncio.sleep(PAUSE_S)
        seconds = time.perf_counter() - start
        changes = [one for _, one in wire.seen if one.method == "PATCH"]
        limited = sum(one.status == 429 for _, one in wire.seen)
        return Crowd(late, limited, len(changes), seconds)


@dataclass
class Stampede:
    """What a thousand listeners brought."""

    about_listeners: int
    in_all: int
    late_ms: list[float]


async def stampede() -> Stampede:
    """Let listeners join a stage, evenly over some seconds."""
    async with world(RoomKind.STAGE, extra=LISTENERS) as (stage, wire):
        await stage.enter(HOST)
        await stage.opened()
        await until(stage.panels, seconds=PATIENCE_S)
        standin, place = stage.standin, stage.channel_id
        names = [standin.member(f"listener {n}").id for n in range(LISTENERS)]
        room, since = stage.bot.rooms.live()[0], len(wire.seen)
        start = time.perf_counter()
        late: list[float] = []
        watching = asyncio.create_task(lateness(late))
        for number, user_id in enumerate(names):
            wait = start + number * JOINED_IN_S / LISTENERS - time.perf_counter()
            await asyncio.sleep(max(0.0, wait))
            voice.join(standin.world, user_id, place, session_id=f"x{user_id}")
        await until(
            lambda: room.observe().space.present > LISTENERS, seconds=PATIENCE_S
        )
        watching.cancel()
        calls = [one for _, one in wire.seen[since:]]
        ids = {str(user_id) for user_id in names}
        about = sum(not ids.isdisjoint(one.path.split("/")) for one in calls)
        return Stampede(about, len(calls), late)


async def lateness(late: list[float]) -> None:
    """Note by how much the event loop is late, every 10 ms, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + 0.01
        await asyncio.sleep(0.01)
        late.append(1000 * (loop.time() - due))


async def fifty() -> list[float]:
    """Hold fifty Spaces, with talk and hands in each; return the loop's lateness."""
    async with world(
        RoomKind.VOICE, limits=False, rooms=SPACES, extra=SPACES * EACH
    ) as (stage, _):
        standin, bot = stage.standin, stage.bot
        places = [
            channel.id
            for channel in standin.world.guild.channels.values()
            if channel.type is ChannelType.VOICE
        ][:SPACES]
        people = {}
        for number, place in enumerate(places):
            ids = [standin.member(f"listener {number * EACH + n}").id for n in range(3)]
            for user_id in ids:
                voice.join(standin.world, user_id, place, session_id=f"x{user_id}")
            people[place] = ids
        await asyncio.sleep(1.0)
        for place, ids in people.items():
            await open_space(bot, place, ids[0])
        late: list[float] = []
        watching = asyncio.create_task(lateness(late))
        await live(bot, people)
        watching.cancel()
        return late


async def open_space(bot, place: int, host_id: int) -> None:
    """Open one Space as ``/space start`` does."""
    channel = bot.client.get_channel(place)
    settings = SpaceSettings(turn_s=60.0)
    await bot.rooms.open(Opening(venue_of(channel), host_id, "Topic", "en", settings))


async def live(bot, people: dict[int, list[int]]) -> None:
    """Let everybody in all Spaces do something every second or so."""
    end, turn = time.perf_counter() + LIVE_S, 0
    while time.perf_counter() < end:
        turn += 1
        for place, (host, one, other) in people.items():
            room = bot.rooms.in_channel(place)
            room.notice(SpeechStarted(host))
            room.notice(SpeechEnded(host, 1.0))
            room.notice(HandRaised(one if turn % 2 else other, note="a word"))
            await asyncio.sleep(1.0 / SPACES)


def figure(name: str, values: list[float], target: float | None, **more) -> Figure:
    """Return the p99 of durations in ms, beside their median and worst."""
    beside = {"median": statistics.median(values), "worst": max(values), **more}
    return Figure(name, p99(values), "ms", "lower", target, beside, len(values))


def figures() -> Iterator[Figure]:
    """Measure the wire, one world after the other."""
    yield figure("floor.command_to_effect_p99_ms", asyncio.run(commands()), 50.0)
    crowd = asyncio.run(full_channel())
    yield figure("floor.unheard_to_mute_p99_ms", crowd.late_ms, 100.0)
    yield Figure(
        "floor.refused_by_limits_99",
        crowd.limited,
        "calls",
        "lower",
        0.0,
        {"member changes": crowd.calls, "seconds": crowd.seconds},
    )
    stage = asyncio.run(stampede())
    yield Figure(
        "floor.calls_per_stage_listener",
        stage.about_listeners / LISTENERS,
        "calls",
        "lower",
        0.0,
        {"calls in all": stage.in_all, "loop p99 ms": p99(stage.late_ms)},
        LISTENERS,
    )
    yield figure("floor.fifty_spaces_loop_p99_ms", asyncio.run(fifty()), 50.0)
