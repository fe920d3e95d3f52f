"""Hosts hear in time that the sound of their Space goes, and where it is till then."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.afterwards import downloads
from bot.afterwards.doubts import Doubts
from bot.afterwards.notices import ExpiryNotices
from bot.clock import ManualClock
from bot.config import Config
from bot.house import House
from bot.settings import PageSettings, RecordingSettings, TranscriptSettings
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.events import HandedOver, HostClaimed
from moderation.events.rows import to_row
from moderation.store import expiry_notices, journal, spaces, tracks
from moderation.store.database import Store
from scheduler.retention import DAY_S
from tests.bot.guild import ANA, HOST, Stage, bot_on, place, until
from tests.bot.planning.test_deliveries import refused

ENDED = 1_800_000_000.0
GOES = ENDED + 30 * DAY_S
GUILD, CHANNEL, HUGO, CARLA = 9, 2, 3, 4
CLOSED = refused(403, 50007)


class Room(discord.abc.Messageable):
    """A place to write to; it answers with what is in ``errors`` first."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.texts, self.pings, self.messages = [], [], []

    async def send(self, text, *, view, nonce, allowed_mentions):
        error = self.errors.pop(0) if self.errors else None
        if isinstance(error, Exception):
            raise error
        rows = [one.item.to_component_dict() for one in view.children]
        line = discord.ActionRow({"type": 1, "components": rows})
        self.texts.append(text)
        self.pings.append([one.id for one in allowed_mentions.users])
        self.messages.append(SimpleNamespace(id=len(self.texts), components=[line]))
        if error == "answer lost":
            raise aiohttp.ServerDisconnectedError
        return self.messages[-1]

    async def history(self, *, limit, after):
        for one in self.messages:
            yield one


@dataclass
class World:
    """A host's private messages, a channel, a record and whoever looks."""

    store: Store
    clock: ManualClock
    private: dict[int, Room]
    channel: Room
    busy: set[int]
    theirs: ManualClock | None = None
    """Discord's clock, where it is another one."""

    def notices(self, remind_days=3, words_days=0):
        async def fetch_user(user_id):
            if user_id not in self.private:
                raise refused(404, 10013)
            return self.private[user_id]

        client = SimpleNamespace(
            fetch_user=fetch_user,
            get_channel={CHANNEL: self.channel}.get,
            get_guild=lambda _: None,
        )
        settings = RecordingSettings(remind_days=remind_days)
        words = TranscriptSettings(keep_days=words_days)
        config = Config(recording=settings, transcript=words)
        words = Wording(load())
        house = House(config, client, self.clock, self.store, None, words)
        doubts = Doubts(self.store, (self.theirs or self.clock).now)
        return ExpiryNotices(house, self.clock, lambda one: one in self.busy, doubts)

    async def space(self, *, language="en", expires_at=GOES, facts=()):
        new = spaces.NewSpace(
            guild_id=GUILD,
            channel_id=CHANNEL,
            host_id=HUGO,
            kind="stage",
            topic="Tea *now*",
            opened_at=ENDED - 60,
            language=language,
        )

        def write(db):
            space_id = spaces.create(db, new)
            spaces.end(db, space_id, ENDED)
            track = tracks.NewTrack(
                space_id=space_id, path="a", start=0.0, expires_at=expires_at
            )
            tracks.begin(db, track)
            for fact in facts:
                journal.append(db, space_id, ENDED - 9, *to_row(fact))
            return space_id

        return await self.store.write(write)

    async def rows(self):
        return await self.store.read(expiry_notices.read)


def play(script, *, at=GOES - 3 * DAY_S, private=(), channel=()):
    """Run a script three days before the sound goes."""

    async def main():
        async with Store(":memory:") as store:
            rooms = {HUGO: Room(*private), CARLA: Room()}
            clock = ManualClock(at)
            world = World(store, clock, rooms, Room(*channel), set())
            result = await script(world)
            return world, await world.rows(), result

    return asyncio.run(main())


async def looks(world, times=1, *, pause_s=600.0, **space):
    """Let a Space's host be told by processes of their own, one after another."""
    await world.space(**space)
    for _ in range(times):
        await world.notices().look()
        world.clock.advance(pause_s)


@pytest.mark.parametrize(
    ("language", "says", "label"),
    [
        ("en", r"The sound of your Space Tea \\\*now\\\* is deleted", "Download"),
        ("es", r"El sonido de tu Espacio Tea \\\*now\\\* se borra", "Descargar"),
    ],
)
def test_host_is_told_once_in_private(language, says, label):
    """With the day, and a button to where it is; over restarts, too."""
    world, rows, _ = play(lambda w: looks(w, 3, language=language))

    (text,) = world.private[HUGO].texts
    assert re.search(says, text)
    assert f"<t:{GOES:.0f}:F>" in text
    assert text.endswith(("The transcript stays.", "La transcripción se queda."))
    (message,) = world.private[HUGO].messages
    assert message.components[0].children[0].label == label
    assert world.channel.texts == []
    assert [(row.state, row.message_id) for row in rows] == [("sent", 1)]


def test_nobody_is_told_by_a_clock_that_discord_does_not_share():
    """It is told once: when it is true nobody would be any more."""

    async def script(world):
        world.theirs = ManualClock(ENDED)
        await looks(world)
        before = list(world.private[HUGO].texts)
        world.theirs = None
        await world.notices().look()
        return before

    world, _, before = play(script)

    assert (before, len(world.private[HUGO].texts)) == ([], 1)


def test_nobody_is_told_that_words_stay_which_do_not():
    """They have a time of their own here."""

    async def script(world):
        await world.space()
        await world.notices(words_days=60).look()

    world, _, _ = play(script)

    assert "transcript" not in world.private[HUGO].texts[0]


@pytest.mark.parametrize(
    ("left_days", "remind_days", "told"),
    [(3.1, 3, 0), (3, 3, 1), (0.1, 3, 1), (1, 0, 0)],
)
def test_it_is_said_when_it_is_time(left_days, remind_days, told):
    """So many days before, or later; never where nobody wants it."""

    async def script(world):
        await world.space()
        await world.notices(remind_days).look()

    world, _, _ = play(script, at=GOES - left_days * DAY_S)

    assert len(world.private[HUGO].texts) == told


def test_of_what_is_over_or_gone_nobody_is_told():
    """There is nothing left to download."""

    async def script(world):
        await world.space(expires_at=GOES - 4 * DAY_S)
        await world.space(expires_at=None)
        gone = await world.space()

        def write(db):
            (row,) = tracks.read(db, gone)
            tracks.intend(db, row.id, ENDED, "erased", sha256="a", size_bytes=1)

        await world.store.write(write)
        await world.notices().look()

    world, rows, _ = play(script)

    assert (world.private[HUGO].texts, rows) == ([], [])


def test_files_that_are_still_being_made_are_waited_for():
    """Where little time is given, it is over before the mix is there."""

    async def script(world):
        space_id = await world.space()
        world.busy.add(space_id)
        await world.notices().look()
        before = len(world.private[HUGO].texts)
        world.busy.clear()
        await world.notices().look()
        return before

    world, _, before = play(script)

    assert (before, len(world.private[HUGO].texts)) == (0, 1)


def test_who_takes_no_private_messages_is_told_where_the_space_was():
    """Named there, with the reason, and nobody else."""
    world, rows, _ = play(looks, private=[CLOSED])

    (text,) = world.channel.texts
    assert f"<@{HUGO}>, you take no private messages" in text
    assert world.channel.pings == [[HUGO]]
    assert rows[0].state == "sent"


def test_no_place_takes_it(caplog):
    """One line says so, and it is not tried for ever."""
    nowhere = [refused(403, 50013)] * 3
    world, rows, _ = play(lambda w: looks(w, 3), private=[CLOSED] * 3, channel=nowhere)

    assert [(row.state, row.reason) for row in rows] == [
        ("failed", "no place takes it")
    ]
    assert caplog.text.count("its host cannot be told") == 1
    assert world.channel.texts == []


@pytest.mark.parametrize("erased", [False, True])
def test_account_that_is_gone_is_said_in_the_channel(erased):
    """Somebody there may want the sound; nobody is named or pinged."""

    async def script(world):
        del world.private[HUGO]
        facts = (HandedOver(by=HUGO, user_id=-17),) if erased else ()
        await looks(world, facts=facts)

    world, rows, _ = play(script)

    (text,) = world.channel.texts
    assert "<@" not in text
    assert world.channel.pings == [[]]
    assert rows[0].state == "sent"


@pytest.mark.parametrize("fault", [refused(503, 0), OSError("no network")])
def test_what_may_pass_is_tried_again(fault):
    """With growing pauses; what stands in the record is taken up."""
    world, rows, _ = play(lambda w: looks(w, 4), private=[fault, fault])

    assert len(world.private[HUGO].texts) == 1
    assert [(row.state, row.attempts) for row in rows] == [("sent", 2)]


def test_answer_that_was_lost_is_looked_for_and_nothing_is_said_twice():
    """Discord had it; so it is after a crash in between."""
    world, rows, _ = play(lambda w: looks(w, 2), private=["answer lost"])

    assert len(world.private[HUGO].texts) == 1
    assert [(row.state, row.message_id) for row in rows] == [("sent", 1)]


def test_clock_that_was_set_back_makes_nothing_wait():
    """A retry in the far future is no retry."""

    async def script(world):
        await looks(world)
        world.clock.advance(-20 * DAY_S)
        await world.notices().look()

    world, rows, _ = play(script, private=[OSError("no network")])

    assert len(world.private[HUGO].texts) == 1
    assert rows[0].state == "sent"


def test_what_could_not_be_said_in_time_is_not_said():
    """The sound is gone by then."""
    lost = [OSError("no network")] * 9
    world, rows, _ = play(lambda w: looks(w, 4, pause_s=DAY_S), private=lost)

    assert world.private[HUGO].texts == []
    assert [(row.state, row.reason) for row in rows] == [("dropped", "too late")]


@pytest.mark.parametrize(
    ("facts", "host"),
    [
        ((), HUGO),
        ((HandedOver(by=HUGO, user_id=CARLA),), CARLA),
        ((HostClaimed(CARLA), HandedOver(by=CARLA, user_id=HUGO)), HUGO),
    ],
)
def test_who_hosted_at_the_end_is_told(facts, host):
    """Whoever opened it may have passed it on."""
    world, _, _ = play(lambda w: looks(w, facts=facts))

    told = {user: len(room.texts) for user, room in world.private.items()}
    assert told == {HUGO: int(host == HUGO), CARLA: int(host == CARLA)}


PAGE = Config(page=PageSettings(enabled=True, port=0))


@asynccontextmanager
async def reminded(folder, config, *, publicly=False):
    """Give a guild whose host was told, the sound that goes, and the message."""
    async with place() as standin, bot_on(standin, folder, config) as bot:
        stage = Stage(standin, bot)
        await stage.commands()
        await stage.enter(HOST)
        room = await stage.opened()
        other = await bot.store.write(
            lambda db: spaces.create(
                db, replace(NEW, guild_id=standin.guild_id, channel_id=1)
            )
        )
        await stage.command(HOST, "space end")
        await until(lambda: not bot.rooms.live())
        folder_row = await bot.store.read(lambda db: spaces.get(db, room.space_id))
        ended_at = bot.house.clock.now() - 28 * DAY_S
        await bot.store.write(
            lambda db: db.execute("UPDATE spaces SET ended_at = ?", [ended_at])
        )
        track = folder / "spaces" / str(folder_row.id) / "tracks" / "5.opus"
        track.parent.mkdir(parents=True, exist_ok=True)
        track.write_bytes(b"OggS")
        stage.member(HOST).refuse_direct(refuse=publicly)
        await bot.retention.look()
        await bot.notices.look()
        yield stage, folder_row, other, track


NEW = spaces.NewSpace(
    guild_id=0, channel_id=1, host_id=1, kind="stage", topic="Other", opened_at=5.0
)


def kept(stage):
    """Return the message with the button, wherever it is."""
    return next(
        message
        for shelf in stage.standin.world.messages.values()
        for message in shelf.values()
        if f":{downloads.KEPT}:" in str(message["components"])
    )


def test_button_opens_the_page_of_that_space_alone(tmp_path):
    """With the real bot: the host gets the sound, and no other Space."""

    async def main():
        async with reminded(tmp_path, PAGE) as (stage, row, other, _):
            message = kept(stage)
            told = stage.told(HOST)
            text = await stage.click(HOST, int(message["id"]), downloads.KEPT)
            link = text.splitlines()[-1]
            base, ticket = link.split("/open?ticket=")
            async with aiohttp.ClientSession(
                cookie_jar=aiohttp.CookieJar(unsafe=True)
            ) as browser:
                opened = await browser.post(f"{base}/open", data={"ticket": ticket})
                html = await opened.text()
                audio = f"/spaces/{row.id}/audio/1"
                heard = await browser.get(base + audio)
                elsewhere = await browser.get(f"{base}/spaces/{other}")
                return (
                    told,
                    opened.url.path,
                    f'href="{audio}" download="space-{row.id}-5.opus"' in html,
                    await heard.read(),
                    elsewhere.status,
                )

    told, path, offered, sound, elsewhere = asyncio.run(main())

    assert told[-1].startswith("🗑️ The sound of your Space Huertos urbanos")
    assert path == "/spaces/1"
    assert offered
    assert sound == b"OggS"
    assert elsewhere == 404


def test_others_press_in_vain_and_nobody_is_promised_what_is_not_there(tmp_path):
    """In public, where everybody can press; without a page; when all is gone."""

    async def main():
        async with reminded(tmp_path, Config(), publicly=True) as found:
            stage, _, _, track = found
            message_id = int(kept(stage)["id"])
            ana = await stage.click(ANA, message_id, downloads.KEPT)
            host = await stage.click(HOST, message_id, downloads.KEPT)
            track.unlink()
            await stage.bot.store.write(
                lambda db: tracks.intend(
                    db, 1, 1.0, "retention", sha256="a", size_bytes=1
                )
            )
            return ana, host, await stage.click(HOST, message_id, downloads.KEPT)

    ana, host, over = asyncio.run(main())

    assert ana.startswith("Only who hosted this Space")
    assert host.startswith("This bot has no review page.")
    assert over.startswith("The sound of Huertos urbanos is deleted.")
