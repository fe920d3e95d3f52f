"""A guild on the loopback, with the real bot in it: for tests of the whole edge.

The people are scripted, the bot is built as ``tertulia run`` builds it, and between
them is everything that is between them elsewhere: TLS, gateway, REST, voice.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field, replace

from bot.build import Tertulia, build
from bot.config import Config
from bot.rehearsal.standin.limits import SIZES, LimitSettings
from bot.rehearsal.standin.seed import MemberSeed, Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings
from moderation.settings import RoomKind
from moderation.store import audit
from tests.bot.waiting import until

HOST, ANA, LUIS, EVA = "Hugo", "Ana", "Luis", "Eva"
"""Names of the scripted people: who hosts, and three who listen. Eva reads Spanish."""

PEOPLE = (MemberSeed(HOST), MemberSeed(ANA), MemberSeed(LUIS), MemberSeed(EVA, "es-ES"))

EPHEMERAL = 1 << 6

SETTINGS = StandInSettings(
    limits=LimitSettings(
        sizes={
            kind: replace(size, window_s=size.window_s / 10)
            for kind, size in SIZES.items()
        }
    )
)
"""Every rate limit ten times as often: scripted people do in a second what takes
others ten."""


@dataclass
class Stage:
    """A stand-in and the bot that was started on it."""

    standin: StandIn
    bot: Tertulia
    kind: RoomKind = RoomKind.STAGE
    answers: list[str] = field(default_factory=list)

    @property
    def channel_id(self):
        """The channel that Spaces are held in."""
        stage = self.kind is RoomKind.STAGE
        place = self.standin
        return place.stage_channel_id if stage else place.voice_channel_id

    def member(self, name):
        """Return a scripted person."""
        return self.standin.members[name]

    async def enter(self, *names):
        """Let people join the channel."""
        for name in names:
            await self.member(name).join(self.channel_id)

    async def command(self, name, command, **options):
        """Run a slash command and return what was answered."""
        return await self.answer(await self.said(name, command, **options))

    async def said(self, name, command, **options):
        """Run a slash command and wait for nothing."""
        channel_id = self.channel_id
        return await self.member(name).command(command, options, channel_id=channel_id)

    async def commands(self):
        """Wait until the bot has told Discord its commands."""
        await until(lambda: self.standin.world.commands)

    async def click(self, name, message_id, verb, arg=None):
        """Press one of the bot's buttons and return what was answered."""
        custom_id = self.button(message_id, verb, arg)
        return await self.answer(await self.member(name).click(message_id, custom_id))

    async def choose(self, name, message_id, verb, value):
        """Choose from one of the bot's menus and return what was answered."""
        custom_id = self.button(message_id, verb)
        sent = await self.member(name).select(message_id, custom_id, [str(value)])
        return await self.answer(sent)

    async def pressed(self, name, message_id, verb, arg=None):
        """Press a button; return the interaction, answered by words or a form."""
        custom_id = self.button(message_id, verb, arg)
        sent = await self.member(name).click(message_id, custom_id)
        await until(lambda: sent.answered and not sent.loading)
        return sent

    async def answer(self, sent):
        """Wait until an interaction is answered, and return the words."""
        await until(lambda: sent.original_id is not None and not sent.loading)
        return self.message(sent.original_id)["content"]

    def message(self, message_id):
        """Return a message, whoever may see it."""
        for shelf in self.standin.world.messages.values():
            if message_id in shelf:
                return shelf[message_id]
        raise LookupError(f"no message {message_id}")

    def messages(self, *, private=False):
        """Return the messages of the Space's channel, oldest first."""
        shelf = self.standin.world.messages.get(self.channel_id, {})
        return [
            one for one in shelf.values() if private or not one["flags"] & EPHEMERAL
        ]

    def told(self, name):
        """Return the words that only one person reads, direct ones included."""
        world, user_id = self.standin.world, self.member(name).id
        theirs = {
            one.id
            for one in world.direct.values()
            if int(one.recipient["id"]) == user_id
        }
        return [
            one["content"]
            for channel_id, shelf in world.messages.items()
            for message_id, one in shelf.items()
            if channel_id in theirs or world.private.get(message_id) == user_id
        ]

    def panel(self):
        """Return the live panel."""
        return self.panels()[0]

    def panels(self):
        """Return every panel that can be seen; there should be one."""
        return [one for one in self.messages() if one["embeds"]]

    def button(self, message_id, verb, arg=None):
        """Return the id of a button on a message."""
        for row in self.message(message_id)["components"]:
            for one in row["components"]:
                _, _, found, _, *its = one["custom_id"].split(":", 4)
                if found == verb and arg in (None, *its):
                    return one["custom_id"]
        raise LookupError(f"message {message_id} has no button {verb}")

    async def posted(self, words):
        """Return the newest public message with these words, once there is one."""
        return await self._newest(lambda one: words in one["content"])

    async def offering(self, verb):
        """Return the newest public message with a certain button, once there is one."""
        return await self._newest(
            lambda one: any(
                f":{verb}:" in each["custom_id"]
                for row in one["components"]
                for each in row["components"]
            )
        )

    async def _newest(self, wanted):
        # Not the last one of all: the panel may come after it, or before.
        await until(lambda: any(map(wanted, self.messages())))
        return next(filter(wanted, reversed(self.messages())))

    def suppressed(self, name):
        """Say whether somebody is in the audience of the stage."""
        return self.standin.world.voice[self.member(name).id].suppress

    def muted(self, name):
        """Say whether somebody is server-muted."""
        return self.standin.world.guild.members[self.member(name).id].mute

    def heard(self, name):
        """Say whether people hear somebody, as Discord has it."""
        if self.kind is RoomKind.STAGE:
            return not self.suppressed(name)
        return not self.muted(name)

    async def opened(self, topic="Huertos urbanos"):
        """Let the host open a Space; return the bot's room."""
        await self.command(HOST, "space start", topic=topic, language="en")
        return self.bot.rooms.live()[0]


async def refused(stage, many):
    """Return what the audit has of refusals, oldest first, once there are so many.

    Each is kept after it is answered.
    """
    async with asyncio.timeout(30.0):
        while True:
            rows = await stage.bot.store.read(
                lambda db: audit.read(db, stage.standin.guild_id)
            )
            found = [row for row in reversed(rows) if row.action == "refused"]
            if len(found) >= many:
                return found
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def busy(store):
    """Let a record be busy, as while it is purged: whatever is written waits."""
    over = threading.Event()
    waits = asyncio.create_task(store.write(lambda db: over.wait(30)))
    try:
        yield
    finally:
        over.set()
        await waits


def place(seed=None):
    """Return a stand-in for a guild: the scripted people's, or that of ``seed``."""
    return StandIn(seed or Seed(members=PEOPLE), SETTINGS)


def hurried(config, folder, guilds_within_s=0.1):
    """Return a configuration for a stand-in, whose guilds are all there at once."""
    return replace(
        config,
        store=replace(config.store, folder=str(folder)),
        discord=replace(config.discord, guilds_within_s=guilds_within_s),
    )


@contextlib.asynccontextmanager
async def starting(standin, config, clock=None):
    """Give a bot that has just been started on a stand-in, and its task."""
    async with build(config, standin.connector(), clock) as bot:
        running = asyncio.create_task(bot.start(standin.token))
        try:
            yield bot, running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@contextlib.asynccontextmanager
async def bot_on(standin, folder, config=None, clock=None):
    """Give the bot on a stand-in, once it has taken up what was live.

    It keeps its record in ``folder``.
    """
    # In one process the guild has come before the client has read that it will.
    config = hurried(config or Config(), folder, guilds_within_s=0.02)
    async with starting(standin, config, clock) as (bot, running):
        await until(lambda: _at_work(bot) or running.done())
        if running.done():
            running.result()
        yield bot


def _at_work(bot):
    """Say whether it is ready and calls no Space over that it has yet to take up.

    Its client is ready a little earlier: the record is read only then.
    """
    return bot.client.is_ready() and bot.rooms.lacking("none").key == "none"


@contextlib.asynccontextmanager
async def guild(folder, kind=RoomKind.STAGE, config=None):
    """Give a guild with the bot in it."""
    async with (
        place() as standin,
        bot_on(standin, folder, config) as bot,
    ):
        yield Stage(standin, bot, kind)


def run(folder, play, kind=RoomKind.STAGE, config=None):
    """Run ``play`` in a guild and return its result."""

    async def main():
        async with guild(folder, kind, config) as stage:
            return await play(stage)

    return asyncio.run(main())
