"""Sound out: what the bot plays, as members of a real voice server hear it."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.voice import playback, transport
from bot.voice.client import ReceivingClient
from bot.voice.errors import CannotPlay, Unable
from media.heard import SILENCE
from tests.bot.voice.room import ANA, BEA, BOT, CID, frames, opened, until

both_kinds = pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
TAIL = [SILENCE] * 5


async def heard(room, count):
    await until(lambda: len(room.played) >= count)
    return list(room.played)


@both_kinds
def test_a_sound_is_played(dave):
    """Members hear it bit for bit, then silence, and no rule of RTP is broken."""
    sound = frames(30)

    async def scene():
        async with opened(dave=dave, present=[ANA, BEA]) as room:
            played = await room.link.play(sound)
            return played, await heard(room, 35), room.server.breaches(BOT)

    played, said, breaches = asyncio.run(scene())

    assert (played.packets, played.held) == (30, None)
    assert played.lasted_s == pytest.approx(0.6)
    assert said == sound + TAIL
    assert breaches == {}


@pytest.mark.parametrize("mode", transport.MODES)
def test_both_transport_modes(mode, monkeypatch):
    """The mode that the connection has chosen seals what is sent, too."""
    monkeypatch.setattr(transport, "MODES", (mode, *transport.MODES))

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            await room.link.play(frames(3))
            await heard(room, 8)
            return room

    room = asyncio.run(scene())

    assert (room.link.snapshot().mode, room.played) == (mode, frames(3) + TAIL)


@both_kinds
def test_somebody_speaks_meanwhile(dave):
    """Playing takes nothing from the hearing, and its pace is kept."""
    sound, speech = frames(40, seed=1), frames(40, seed=2)

    async def scene():
        async with opened(dave=dave, present=[ANA]) as room:
            _, played = await asyncio.gather(
                room.say(ANA, speech), room.link.play(sound)
            )
            await heard(room, 45)
            return room, played, room.server.breaches(BOT)

    room, played, breaches = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == speech
    assert room.played == sound + TAIL
    assert (played.waited_s, breaches) == (0.0, {})


def test_members_come_and_go_while_it_plays():
    """Keys change under the sound; those who stay hear every packet of it."""
    sound = frames(60)

    async def scene():
        async with opened(dave=True, present=[ANA]) as room:
            playing = asyncio.create_task(room.link.play(sound))
            await room.arrive(BEA)
            await room.arrive(CID)
            await room.server.remove_member(BEA)
            await playing
            return await heard(room, 65), room.server.epoch, room.server.breaches(BOT)

    said, epoch, breaches = asyncio.run(scene())

    assert epoch >= 3
    assert said == sound + TAIL
    assert breaches == {}


def test_the_channel_leaves_dave_while_it_plays():
    """Plain where the channel is plain, sealed where it is sealed; nothing is lost."""
    sound = frames(60)

    async def scene():
        async with opened(dave=True, present=[ANA, BEA]) as room:
            playing = asyncio.create_task(room.link.play(sound))
            await until(lambda: len(room.played) > 10)
            await room.server.set_dave(False)
            await room.server.settle()
            await playing
            return await heard(room, 65), room.link.snapshot().dave_version

    said, version = asyncio.run(scene())

    assert (said, version) == (sound + TAIL, 0)


@both_kinds
def test_the_connection_breaks_while_it_plays(dave):
    """The sound waits for the new connection, is announced there, and goes on."""
    sound = frames(40)

    async def scene():
        async with opened(dave=dave, present=[ANA]) as room:
            playing = asyncio.create_task(room.link.play(sound))
            await until(lambda: len(room.played) > 10)
            await room.server.kick(BOT, 4006)
            played = await playing
            await until(lambda: room.played[-5:] == TAIL)
            return room, played, room.server.breaches(BOT)

    room, played, breaches = asyncio.run(scene())
    said = room.played

    assert room.link.snapshot().connects == 2
    assert (played.packets, played.held) == (len(sound), None)
    assert breaches == {}
    # What was on its way when the session ended, ended with it.
    assert [s for s in said if s != SILENCE][-20:] == sound[-20:]


@both_kinds
def test_a_sound_is_cancelled(dave):
    """It ends at once, with its silence; the next one starts where it should."""

    async def scene():
        async with opened(dave=dave, present=[ANA]) as room:
            playing = asyncio.create_task(room.link.play(frames(500)))
            await until(lambda: len(room.played) >= 5)
            playing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await playing
            before = len(await heard(room, 10))
            await room.link.play(frames(3, seed=2))
            return before, await heard(room, before + 8), room.server.breaches(BOT)

    before, said, breaches = asyncio.run(scene())

    assert before < 100
    assert said[before - 5 :] == TAIL + frames(3, seed=2) + TAIL
    assert breaches == {}


def test_two_sounds_at_once():
    """They wait for one another."""
    first, second = frames(5, seed=1), frames(5, seed=2)

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await asyncio.gather(room.link.play(first), room.link.play(second))
            return await heard(room, 20)

    assert asyncio.run(scene()) == first + TAIL + second + TAIL


def test_the_space_ends_while_it_plays():
    """The link waits for no sound, and the sound ends whole."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            playing = asyncio.create_task(room.link.play(frames(500)))
            await until(lambda: len(room.played) >= 5)
            await room.link.leave()
            return await playing, list(room.played)

    played, said = asyncio.run(scene())

    assert (played.packets < 100, played.held) == (True, None)
    assert said[-5:] == TAIL


def test_the_space_ends_before_a_sound_begins(monkeypatch):
    """While it is announced: it says that nobody is there to hear it."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            asked, answered = asyncio.Event(), asyncio.Event()

            async def speaking(client, on):
                asked.set()
                await answered.wait()

            monkeypatch.setattr(ReceivingClient, "speaking", speaking)
            playing = asyncio.create_task(room.link.play(frames(5)))
            await asked.wait()
            leaving = asyncio.create_task(room.link.leave())
            await asyncio.sleep(0)
            answered.set()
            await leaving
            with pytest.raises(CannotPlay) as refused:
                await playing
            return refused.value.why, room.played

    assert asyncio.run(scene()) == (Unable.NOT_CONNECTED, [])


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (SimpleNamespace(suppress=True, mute=False), Unable.SUPPRESSED),
        (SimpleNamespace(suppress=False, mute=True), Unable.MUTED),
    ],
)
def test_the_bot_may_not_speak(state, why):
    """In the audience of a stage, or muted: it says so and sends nothing."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            room.guild.me.voice = state
            with pytest.raises(CannotPlay) as refused:
                await room.link.play(frames(5))
            return refused.value.why, list(room.played)

    assert asyncio.run(scene()) == (why, [])


def test_nobody_else_is_there(monkeypatch):
    """Without an encryption group there are no keys; plain sound never goes out."""
    monkeypatch.setattr(playback, "PATIENCE_S", 0.1)

    async def scene():
        async with opened(dave=True) as room:
            with pytest.raises(CannotPlay) as refused:
                await room.link.play(frames(5))
            return refused.value.why, room.server.breaches(BOT)

    assert asyncio.run(scene()) == (Unable.ALONE, {})


def test_a_link_that_is_not_connected():
    """Before the join and after the end there is nobody to hear it."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            await room.link.leave()
            with pytest.raises(CannotPlay) as refused:
                await room.link.play(frames(1))
            return refused.value.why

    assert asyncio.run(scene()) is Unable.NOT_CONNECTED


def test_what_is_given_is_no_sound():
    """An error of the caller reaches the caller; what went before has its silence."""

    async def scene():
        async with opened(dave=False, present=[ANA]) as room:
            with pytest.raises(ValueError, match="Opus"):
                await room.link.play([*frames(2), b""])
            said = await heard(room, 7)
            with pytest.raises(ZeroDivisionError):
                await room.link.play(bytes(1 // n) for n in range(1))
            return said

    assert asyncio.run(scene()) == frames(2) + TAIL
