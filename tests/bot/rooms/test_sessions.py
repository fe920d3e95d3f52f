"""What becomes of live Spaces when Discord itself has trouble, with the real bot."""

import asyncio

import pytest

from bot.rehearsal.standin.gateway import connection, greeting
from bot.rooms.opening import Builder
from moderation.settings import RoomKind
from moderation.store import spaces
from moderation.store.database import StoreError
from tests.bot.guild import ANA, HOST, LUIS, Stage, bot_on, place, run, until

pytestmark = pytest.mark.long

both_kinds = pytest.mark.parametrize("kind", list(RoomKind), ids=lambda k: k.value)


async def reconnected(stage):
    """Let Discord call the bot's gateway session invalid; wait for the next one."""
    (line,) = stage.standin.gateway.connections
    channel = stage.bot.client.get_channel
    former = channel(stage.channel_id)
    line.invalidate(resumable=False)
    await until(lambda: channel(stage.channel_id) is not former)
    await until(lambda: stage.bot.rooms.live()[0].venue.channel is not former)


def trouble(stage, *, over):
    """Let Discord have trouble with the guild, or be over it."""
    world = stage.standin.world
    (session,) = stage.standin.gateway.sessions.values()
    if over:
        session.dispatch("GUILD_CREATE", greeting.guild(world, session))
    else:
        gone = {"id": str(world.guild.id), "unavailable": True}
        session.dispatch("GUILD_DELETE", gone)


async def floor_given(stage, name):
    """Invite somebody; they accept by command, on a stage in Discord's window too."""
    await stage.command(HOST, "floor invite", member=str(stage.member(name).id))
    await stage.command(name, "floor accept")
    if stage.kind is RoomKind.STAGE:
        await until(lambda: stage.standin.world.voice[stage.member(name).id].invited)
        await stage.member(name).accept()
    await until(lambda: stage.heard(name))


@both_kinds
def test_a_room_goes_on_in_a_new_gateway_session(tmp_path, kind):
    """discord.py makes every guild anew then: who comes later is seen and heard."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: not stage.heard(ANA))
        await reconnected(stage)
        await stage.member(ANA).leave()
        await stage.enter(LUIS)
        await until(lambda: not stage.heard(LUIS))
        await floor_given(stage, LUIS)
        people = {stage.member(name).id for name in (HOST, LUIS)}
        return set(room.venue.states()), people

    here, meant = run(tmp_path, play, kind)

    assert here == meant


@both_kinds
def test_who_left_during_an_outage_is_not_in_the_room_after_it(tmp_path, kind):
    """And who came meanwhile is: Discord tells of nobody while it has trouble."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: not stage.heard(ANA))
        trouble(stage, over=False)
        guild = stage.bot.client.guilds[0]
        await until(lambda: guild.unavailable)
        with pytest.MonkeyPatch.context() as silent:
            for session in stage.standin.gateway.sessions.values():
                silent.setattr(session, "dispatch", lambda *_: None)
            await stage.member(ANA).leave()
            await stage.enter(LUIS)
        trouble(stage, over=True)
        people = room.space.state.people
        await until(lambda: people.is_present(stage.member(LUIS).id))
        await until(lambda: not people.is_present(stage.member(ANA).id))
        await until(lambda: not stage.heard(LUIS))
        await floor_given(stage, LUIS)

    run(tmp_path, play, kind)


def test_a_space_waits_for_a_guild_that_is_unavailable_at_the_start(tmp_path):
    """An outage while the bot is started closes no Space."""

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await stage.enter(HOST, ANA)
                await stage.opened()
                await until(lambda: stage.muted(ANA))
            with pytest.MonkeyPatch.context() as outage:
                outage.setattr(connection.greeting, "guild", unavailable)
                starting = bot_on(standin, tmp_path)
                bot = await starting.__aenter__()
            try:
                stage = Stage(standin, bot, RoomKind.VOICE)
                waiting = len(bot.rooms.live()), len(await bot.store.read(spaces.live))
                trouble(stage, over=True)
                await until(bot.rooms.live)
                (room,) = bot.rooms.live()
                await until(lambda: room.observe().space.present == 2)
                return waiting, stage.muted(ANA)
            finally:
                await starting.__aexit__(None, None, None)

    assert asyncio.run(main()) == ((0, 1), True)


def test_a_space_that_cannot_be_taken_up_holds_up_no_other(tmp_path):
    """The record may refuse its facts: the rest of the bot is at work."""
    opened = Builder.take_up

    async def refused(builder, row, *rest):
        if row.id == 1:
            raise StoreError("the disk is full")
        return await opened(builder, row, *rest)

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await stage.enter(HOST)
                await stage.opened()
                stage.kind = RoomKind.STAGE
                await stage.enter(LUIS)
                await stage.command(LUIS, "space start", topic="Bees")
            with pytest.MonkeyPatch.context() as full:
                full.setattr(Builder, "take_up", refused)
                async with bot_on(standin, tmp_path) as bot:
                    await until(bot.rooms.live)
                    return [room.space_id for room in bot.rooms.live()]

    assert asyncio.run(main()) == [2]


def unavailable(world, _session):
    """Return what Discord says of a guild that it has trouble with."""
    return {"id": str(world.guild.id), "unavailable": True}


def test_a_channel_that_was_deleted_unseen_ends_its_space(tmp_path):
    """In a new gateway session what is gone is told by nobody."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        with pytest.MonkeyPatch.context() as silent:
            for session in stage.standin.gateway.sessions.values():
                silent.setattr(session, "dispatch", lambda *_: None)
            del stage.standin.world.guild.channels[stage.channel_id]
        (line,) = stage.standin.gateway.connections
        line.invalidate(resumable=False)
        await room.ended()
        return await stage.bot.store.read(spaces.live)

    assert run(tmp_path, play, RoomKind.VOICE) == []
