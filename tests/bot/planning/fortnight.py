"""A fortnight of one guild in seconds: ``python -m tests.bot.planning.fortnight``.

The stand-in lives in told time, and so does the bot (``mortal``), which is a process
of its own with the real discord.py and may be killed at any instant. People press
buttons and move events; what they ask the bot for by command is ordered. Whoever is
cut off by a death does the same again, as people do. Printed, it is what a guild sees.
"""

import asyncio
import contextlib
import functools
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.clock import ManualClock
from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.limits import LimitSettings
from bot.rehearsal.standin.seed import ROOMS, ChannelSeed, RoleSeed, Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.wire import Snowflakes, created_at, iso, moment
from bot.rehearsal.standin.world import exceptions
from bot.rehearsal.standin.world.channels import ChannelType, DirectChannel
from bot.rehearsal.standin.world.drafts import EPHEMERAL

MADRID = ZoneInfo("Europe/Madrid")
DAYS = 14
LOOK_S = 6 * 3600.0
"""Seconds after which the time goes on even if nothing is due."""

SECRET = "between the two of us"
BUSY = "t-60"
"""The announcement for which the tool has no time at first."""

SEED = Seed(
    roles=(RoleSeed("Fans"),),
    channels=(*ROOMS, ChannelSeed("news", ChannelType.ANNOUNCEMENT)),
)
SINGLE, FAIR, NIGHT, WEEKLY = 1, 2, 3, 10
"""Plans in the order in which they are made; the last two are the first of a series."""


class Died(Exception):  # noqa: N818 - reads as what happened
    """The bot was killed."""


@dataclass
class Tool:
    """An outside tool on this machine that checks what it is told."""

    url: str = ""
    told: Counter = field(default_factory=Counter)
    """Event, step, start and idempotency key, and how often it was called so."""

    refused: set = field(default_factory=set)
    """Keys of the calls that it had no time for at first."""

    @contextlib.asynccontextmanager
    async def listening(self):
        """Listen."""
        app = web.Application()
        app.router.add_post("/in", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _take(self, request):
        body = await request.read()
        stamp, signed = request.headers["Tertulia-Signature"].split(",")
        stamp = stamp.removeprefix("t=")
        mine = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256)
        if not hmac.compare_digest(signed, f"v1={mine.hexdigest()}"):
            return web.Response(status=401)
        said = json.loads(body)
        key = request.headers["Idempotency-Key"]
        if said["step"] == BUSY and key not in self.refused:
            self.refused.add(key)
            return web.Response(status=503)
        starts_at = said["space"]["starts_at"]
        self.told[(said["event"], said["step"], starts_at, key)] += 1
        return web.Response(status=204)


@contextlib.contextmanager
def nursery():
    """Give a process that forks bots; it has imported everything."""
    process = subprocess.Popen(  # our own module
        [sys.executable, "-m", "tests.bot.planning.mortal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


class Mortals:
    """Starts one bot after another, and knows when the last one died."""

    def __init__(self, folder, nursery):
        self._folder, self._process = folder, nursery
        self._calls = asyncio.Queue()
        self._server = None
        self.pid, self._reader, self._writer = 0, None, None

    @contextlib.asynccontextmanager
    async def called(self):
        """Let bots call here."""
        self._server = await asyncio.start_unix_server(
            lambda *ends: self._calls.put_nowait(ends), str(self._folder / "bot")
        )
        try:
            yield self
        finally:
            self._hang_up()
            self._server.close()

    async def start(self, standin, instants):
        """Start a bot that dies after so many instants; 0 for never. Raises Died."""
        order = {
            "port": standin.tls_port,
            "ca": str(standin.ca),
            "token": standin.token,
            "guild_id": standin.guild_id,
            "folder": str(self._folder),
            "log": str(self._folder / "log"),
            "socket": str(self._folder / "bot"),
            "now": standin.world.now(),
            "instants": instants,
        }
        print(json.dumps(order), file=self._process.stdin, flush=True)
        self.pid = int(await asyncio.to_thread(self._process.stdout.readline))
        async with asyncio.timeout(30):
            while self._calls.empty():
                self.require_alive()
                await asyncio.sleep(0.005)
        self._reader, self._writer = await self._calls.get()

    async def say(self, order):
        """Give an order and return what the bot says. Raises Died."""
        self.require_alive()
        try:
            self._writer.write(json.dumps(order).encode() + b"\n")
            line = await self._reader.readline()
        except ConnectionError:
            line = b""
        if not line:
            await self.buried()
            raise Died
        return json.loads(line)

    async def kill(self):
        """Kill the bot as the kernel does when memory runs out."""
        os.kill(self.pid, signal.SIGKILL)
        await self.buried()

    async def buried(self):
        """Wait until nothing is left of the process, its locks included."""
        async with asyncio.timeout(30):
            while self.alive():  # noqa: ASYNC110 (no kernel tells of a grandchild)
                await asyncio.sleep(0.002)
        self._hang_up()

    def alive(self):
        """Say whether the bot lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def require_alive(self):
        """Raise Died where the bot is dead."""
        if not self.alive():
            self._hang_up()
            raise Died

    def _hang_up(self):
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Fortnight:
    """What happens, when, and what can be seen of it."""

    def __init__(self, nursery, folder, first, lives=()):
        """``lives`` are the instants that one bot after another lives."""
        self.folder, self.first, self._nursery = Path(folder), first, nursery
        self.lives = deque(lives)
        self.deaths = 0
        self.instants = 0
        """Of everybody who has lived so far, as far as they told."""

        self._told = 0
        self.clock = ManualClock(self.at(0, 0))
        self.tool = Tool()
        self.asleep = False
        self.standin, self.bot, self._given = None, None, 0

    def at(self, day, hour, minute=0):
        """Return a time on the wall in Madrid as Unix seconds."""
        local = datetime.combine(self.first + timedelta(day), time(hour, minute))
        return local.replace(tzinfo=MADRID).timestamp()

    async def live(self):
        """Live through it."""
        settings = StandInSettings(limits=LimitSettings(on=False))
        async with (
            StandIn(SEED, settings, clock=self.clock) as self.standin,
            self.tool.listening(),
            Mortals(self.folder, self._nursery).called() as self.bot,
        ):
            await self.standin.upkeep.stop()  # it looks when the time goes on
            await self._boot()
            due = sorted((self.at(*when), deed) for when, deed in self.acts().items())
            while self.clock.now() < self.at(DAYS, 0):
                deeds = [deed for at, deed in due if at == self.clock.now()]
                next_at = await self._alive_through(deeds)
                coming = [at for at, _ in due if at > self.clock.now()]
                self._go_on(min([*coming, next_at, self.clock.now() + LOOK_S]))
            if not self.asleep:
                await self.bot.kill()
        return self

    async def _alive_through(self, deeds):
        """Let people do things and the bot do its work; return when more is due."""
        done = 0
        while True:
            try:
                for deed in deeds[done:]:
                    await deed()
                    done += 1
                return await self.order("tick")
            except Died:
                self._mourn()
                await self._boot()

    def _mourn(self):
        """Count a death; one that nobody planned would go on for ever."""
        self.deaths += 1
        if not self._given:
            raise RuntimeError((self.folder / "log").read_text("utf-8")[-2000:])

    def _go_on(self, at):
        self.clock.advance(at - self.clock.now())
        self.standin.upkeep.look(at)

    async def _boot(self):
        while True:
            try:
                self._told = 0
                self._given = self.lives.popleft() if self.lives else 0
                await self.bot.start(self.standin, self._given)
            except Died:
                self._mourn()
            else:
                return

    async def order(self, deed, **what):
        """Have the bot do something; return when more is due (Unix seconds)."""
        if self.asleep:
            return float("inf")
        said = await self.bot.say({"now": self.clock.now(), "do": deed} | what)
        if "error" in said:
            raise RuntimeError(said["error"])
        self.instants += said["instants"] - self._told
        self._told = said["instants"]
        next_at = said["next"]
        # People's clocks show minutes, and so does this one.
        return float("inf") if next_at is None else -(-next_at // 60) * 60

    # What people do.

    def acts(self):
        """Return every deed by day, hour and minute."""
        return {
            (0, 0, 1): self.plan,
            (2, 10, 0): self.ask_guests,
            (2, 11, 30): functools.partial(self.answer, "Bruno", "yes"),
            (2, 11, 31): functools.partial(self.answer, "Carmen", "no"),
            (3, 19, 31): self.move_single,
            (3, 20, 0): self.instead_of_carmen,
            (3, 21, 0): functools.partial(self.answer, "Frank", "yes"),
            (5, 20, 0): self.want_to_be_reminded,
            (6, 9, 0): self.move_weekly_by_hand,
            (7, 18, 25): functools.partial(self.come_in, "Carmen", "voice 2"),
            (7, 18, 31): functools.partial(self.is_open, "voice 2"),
            (7, 19, 20): functools.partial(self.end, "Carmen", "voice 2"),
            (8, 12, 0): self.cancel_a_night,
            (9, 22, 0): self.power_cut,
            (9, 23, 0): self.cancel_an_occurrence_by_hand,
            (10, 1, 50): self.power_back,
            (10, 9, 0): self.move_fair,
            (10, 9, 30): functools.partial(self.answer, "Bruno", "yes"),
            (12, 20, 1): functools.partial(self.open, "David", "stage"),
            (12, 21, 10): functools.partial(self.end, "David", "stage"),
        }

    async def plan(self):
        """Plan everything; announce the fair in two channels and to a tool."""
        standin = self.standin
        roles = standin.world.guild.roles.values()
        fans = next(one.id for one in roles if one.name == "Fans")
        guild_id, by = standin.guild_id, self.id("Elena")
        hook = {"id": 0, "guild_id": guild_id, "name": "tool", "url": self.tool.url}
        hook |= {"secret": SECRET, "state": "on", "reason": "", "made_by": by}
        channels = [
            (guild_id, self.channel("news"), "es", fans),
            (guild_id, self.channel("announcements"), "en", None),
        ]
        plans = [
            ("Gardens", "Emma", "voice", self.at(3, 20), None),
            ("The fair", "David", "stage", self.at(12, 19), None),
            ("Night talk", "Emma", "voice", self.at(7, 2, 30), "daily"),
            ("Saturdays", "Carmen", "voice 2", self.at(0, 18), "weekly"),
        ]
        for topic, host, room, starts_at, repeat in plans:
            plan = {
                "guild_id": guild_id,
                "channel_id": self.channel(room),
                "host_id": self.id(host),
                "topic": topic,
                "starts_at": starts_at,
                "minutes": 60,
                "kind": "stage" if room == "stage" else "voice",
                "zone": "Europe/Madrid",
                "post_channel_id": self.channel("general"),
                "auto_start": topic == "Saturdays",
            }
            await self.order("schedule", plan=plan, repeat=repeat)
        await self.order(
            "announce_in", channels=channels, hook=hook | {"made_at": self.at(0, 0)}
        )
        await self.order("campaign", plan_id=FAIR, guild_id=guild_id, by=by)
        for plan_id in (SINGLE, NIGHT, NIGHT + 1, NIGHT + 2):
            for name, place in (("Bruno", "thread"), ("Emma", "dm")):
                await self.order(
                    "remind", plan_id=plan_id, user_id=self.id(name), place=place
                )

    async def ask_guests(self):
        for name in ("Bruno", "Carmen", "Emma"):
            await self.order("invite", user_id=self.id(name), **self.fair())

    async def instead_of_carmen(self):
        gone, new = self.id("Carmen"), self.id("Frank")
        await self.order("invite", user_id=new, instead_of=gone, **self.fair())

    def fair(self):
        """Return what an order about the guests of the fair says."""
        david = self.id("David")
        return {"plan_id": FAIR, "guild_id": self.standin.guild_id, "by": david}

    async def answer(self, name, verb):
        """Press the newest button of that kind in private."""
        await self.press(name, f"guest_{verb}", self.direct(name))

    async def want_to_be_reminded(self):
        """Press the button of the first announcement in the news."""
        await self.press("Frank", "plan_remind", self.channel("news"))

    async def move_single(self):
        await self.order(
            "edit", plan_id=SINGLE, asker=self.asker("Emma"), starts_at=self.at(4, 21)
        )

    async def move_fair(self):
        await self.order(
            "edit", plan_id=FAIR, asker=self.asker("David"), starts_at=self.at(12, 20)
        )

    async def cancel_a_night(self):
        asker = self.asker("Emma")
        await self.order("cancel", plan_id=NIGHT + 2, asker=asker, reason="ill")

    async def move_weekly_by_hand(self):
        """Drag the second Saturday half an hour on, in Discord's own client."""
        at = {"original": self.at(7, 18), "start": self.at(7, 18, 30)}
        at |= {"end": self.at(7, 19, 30)}
        form = {
            "original_scheduled_start_time": iso(at["original"]),
            "scheduled_start_time": iso(at["start"]),
            "scheduled_end_time": iso(at["end"]),
        }
        self.except_by_hand("Saturdays", form)
        await self.until_kept("starts_at = ?", at["start"])

    async def cancel_an_occurrence_by_hand(self):
        """Cancel a night in Discord's own client while the bot is off."""
        form = {"original_scheduled_start_time": iso(self.at(10, 2, 30))}
        self.except_by_hand("Night talk", form | {"is_canceled": True})

    def except_by_hand(self, name, form):
        world = self.standin.world
        (event_id,) = [
            event_id for event_id, one in world.events.items() if one["name"] == name
        ]
        elena, original = self.id("Elena"), form["original_scheduled_start_time"]
        which = Snowflakes.at(moment(original))
        there = world.events[event_id]["guild_scheduled_event_exceptions"]
        # Done before, where the bot died of it and is looked after again.
        if all(one["event_exception_id"] != str(which) for one in there):
            exceptions.create(world, elena, event_id, Form(form))

    async def power_cut(self):
        if not self.asleep:
            self.asleep = True
            await self.bot.kill()
            if self._given:  # the next one dies when this one would have
                self.lives.appendleft(self._given - self._told)

    async def power_back(self):
        if self.asleep:
            await self._boot()
            self.asleep = False

    async def come_in(self, name, room):
        if self.standin.member(name).voice is None:
            await self.standin.member(name).join(self.channel(room))

    async def is_open(self, room):
        """See that a Space has opened by itself."""
        channel_id = self.channel(room)
        await self.until_kept("channel_id = ? AND state = 'opened'", channel_id)

    async def open(self, name, room):
        """Let a host come in and open a Space where one is planned."""
        await self.come_in(name, room)
        await self.command(name, "space start", topic="What we planned", language="en")
        await self.is_open(room)

    async def end(self, name, room):
        """Let the host end the Space and leave."""
        channel_id = self.channel(room)
        if self.standin.member(name).voice is not None:
            await self.command(name, "space end")
            await self.until_kept("channel_id = ? AND state = 'ended'", channel_id)
            await self.standin.member(name).leave()

    async def command(self, name, command, **options):
        """Run a slash command and wait for the answer."""
        await self.order("tick")  # which tells the bot what time it is
        sent = await self.standin.member(name).command(command, options)
        await self.until(lambda: sent.answered and not sent.loading)

    # Whom and what they mean.

    def id(self, name):
        """Return a member's id."""
        return self.standin.member(name).id

    def asker(self, name):
        """Return who asks, as an order says it."""
        return [self.id(name), self.standin.guild_id, False]

    def channel(self, name):
        """Return the id of a channel of the guild."""
        shelf = self.standin.world.guild.channels.values()
        return next(one.id for one in shelf if one.name == name)

    def direct(self, name):
        """Return the id of somebody's private channel with the bot."""
        return next(
            one.id
            for one in self.standin.world.direct.values()
            if int(one.recipient["id"]) == self.id(name)
        )

    async def press(self, name, verb, channel_id):
        """Press the newest button of a kind in a channel, and wait for the answer."""
        await self.order("tick")  # which tells the bot what time it is
        for message in reversed(self.standin.world.messages[channel_id].values()):
            for custom_id in buttons(message):
                if f":{verb}:" in custom_id:
                    member = self.standin.member(name)
                    sent = await member.click(int(message["id"]), custom_id)
                    await self.until(lambda sent=sent: sent.answered)
                    return
        raise LookupError(f"{name} sees no button {verb}")

    async def until(self, met):
        """Wait until something has happened. Raises Died."""
        async with asyncio.timeout(30):
            while not met():
                self.bot.require_alive()
                await asyncio.sleep(0.002)

    async def until_kept(self, where, *values):
        """Wait until the bot has a plan like that. Raises Died."""
        path = next(self.folder.glob("*.db"))
        asked = f"SELECT count(*) FROM plans WHERE {where}"  # noqa: S608 - our own words
        async with asyncio.timeout(30):
            while True:
                await self.order("tick")
                with contextlib.closing(sqlite3.connect(path)) as db:
                    if db.execute(asked, values).fetchone()[0]:
                        return
                await asyncio.sleep(0.002)

    # What can be seen of it.

    def seen(self):
        """Return all that there is at the end, in order of time."""
        return sorted([*self._messages(), *self._events()])

    def _messages(self):
        world = self.standin.world
        for channel_id, shelf in world.messages.items():
            channel = world.channel(channel_id)
            private = isinstance(channel, DirectChannel)
            if not private and channel.type in (ChannelType.VOICE, ChannelType.STAGE):
                continue  # what happens in a Space is not about its plan
            where = (
                f"@{channel.recipient['username']}" if private else f"#{channel.name}"
            )
            for message in shelf.values():
                if message["flags"] & EPHEMERAL or _of_a_space(message):
                    continue
                marks = ", ".join(
                    word
                    for word, met in (
                        ("crossposted", message["flags"] & 1),
                        ("pings a role", message["mention_roles"]),
                    )
                    if met
                )
                yield (
                    wall(moment(message["timestamp"])),
                    where,
                    self.named(message["content"]),
                    marks,
                    " ".join(one.rpartition(":")[0] for one in buttons(message)),
                )

    def _events(self):
        states = {1: "scheduled", 2: "active", 3: "completed", 4: "cancelled"}
        for one in self.standin.world.events.values():
            if moment(one["scheduled_start_time"]) > self.at(DAYS + 7, 0):
                continue  # as far ahead as that depends on when series are looked at
            until = wall(moment(one["scheduled_end_time"]))
            yield (
                wall(moment(one["scheduled_start_time"])),
                "event",
                one["name"],
                f"{states[one['status']]}, until {until}",
                one["description"].rpartition("\n")[2],
            )
            for other in one["guild_scheduled_event_exceptions"]:
                start, end = other["scheduled_start_time"], other["scheduled_end_time"]
                moved = "" if start is None else wall(moment(start))
                moved += "" if end is None else f", until {wall(moment(end))}"
                yield (
                    wall(created_at(int(other["event_exception_id"]))),
                    "event",
                    one["name"],
                    "off" if other["is_canceled"] else f"moved to {moved}",
                    one["description"].rpartition("\n")[2],
                )

    def named(self, text):
        """Return a text with names and times in the place of Discord's markup."""
        guild = self.standin.world.guild
        for member in guild.members.values():
            text = text.replace(f"<@{member.user.id}>", f"@{member.user.name}")
        for role in guild.roles.values():
            text = text.replace(f"<@&{role.id}>", f"@{role.name}")
        for channel in guild.channels.values():
            text = text.replace(f"<#{channel.id}>", f"#{channel.name}")
        # The rest of it is looked at again by every new process.
        return text.partition("\n")[0] if "**GO.**" in text else text


def wall(at):
    """Return Unix seconds as month, day, hour and minute in Madrid."""
    return f"{datetime.fromtimestamp(at, MADRID):%m-%d %H:%M}"


def _of_a_space(message):
    """Say whether a private message is about a Space, which was cut off by a death."""
    nudge = any(":nudge:" in one for one in buttons(message))
    return nudge or message["content"].startswith(("I was away", "⚠️ This Space"))


def buttons(message):
    """Return the ids of a message's buttons."""
    return [
        one["custom_id"] for row in message["components"] for one in row["components"]
    ]


def main():
    """Print a fortnight."""
    with tempfile.TemporaryDirectory() as folder, nursery() as bots:
        lived = asyncio.run(Fortnight(bots, folder, date(2027, 3, 20)).live())
    for at, where, text, marks, _ in lived.seen():
        first, *more = text.splitlines()
        print(f"{at}  {where:15} {first}{f'  [{marks}]' if marks else ''}")  # noqa: T201 - what it is for
        for line in more:
            print(f"{'':28} {line}")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
