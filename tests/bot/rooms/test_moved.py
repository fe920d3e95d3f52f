"""What the bot does when a moderator drags it about, on the loopback."""

import asyncio

import pytest

from media.consent import Consent
from moderation.settings import RoomKind
from moderation.store import spurts
from tests.bot.guild import ANA, HOST, LUIS, run, until

pytestmark = pytest.mark.long


def test_nobody_is_heard_where_the_bot_was_dragged_to(tmp_path, monkeypatch):
    """They agreed to nothing there; it goes back, tells the host, and hears again."""
    came_back = asyncio.Event()

    async def play(stage):
        [elsewhere] = [
            one.id
            for one in stage.standin.world.guild.channels.values()
            if one.name == "voice 2"
        ]
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        await until(lambda: room.ears.snapshot())
        for name in (HOST, LUIS):
            await stage.command(name, "privacy consent", level="audio")
        luis, host = stage.member(LUIS).id, stage.member(HOST).id
        await until(lambda: len(room.ears.consents) == 2)
        await stage.member(LUIS).join(elsewhere)
        await stage.command(HOST, "record start")
        link = room.ears._link
        move, there = link.move, stage.standin.world.voice[stage.standin.world.bot.id]

        async def later(channel, **options):
            await came_back.wait()
            await move(channel, **options)

        monkeypatch.setattr(link, "move", later)
        await stage.member(HOST).move(there.user_id, elsewhere)
        await until(
            lambda: stage.told(HOST)[-1:] and any(map(_moved, stage.told(HOST)))
        )
        seen = stage.standin.world.voice
        await until(lambda: seen[there.user_id].channel_id == elsewhere)
        await until(lambda: room.ears.snapshot().connects >= 2)
        words = stage.member(LUIS).words(2.0)
        await stage.member(LUIS).speak(words)
        speaking, consents = luis in room.ears.speaking, dict(room.ears.consents)
        before = room.ears.snapshot().connects
        came_back.set()
        await until(lambda: seen[there.user_id].channel_id == stage.channel_id)
        await until(lambda: room.ears.snapshot().connects > before)
        await stage.member(HOST).speak(stage.member(HOST).words(2.0))
        await until(lambda: host in {one.user_id for one in room.talk.shares()})
        await stage.command(HOST, "space end")
        await room.ended()
        heard = await stage.bot.store.read(lambda db: spurts.read(db, room.space_id))
        tracks = {path.stem for path in tmp_path.rglob("tracks/*.opus")}
        return speaking, consents, {row.user_id for row in heard}, tracks, (luis, host)

    speaking, consents, heard, tracks, (luis, host) = run(
        tmp_path, play, RoomKind.VOICE
    )

    assert not speaking
    assert consents == {luis: Consent.AUDIO, host: Consent.AUDIO}
    assert heard == {host}
    assert tracks == {str(host)}


def _moved(words):
    return words.startswith("I was moved into")
