"""From the voice server to the track: the whole sound path on shipped voices."""

import asyncio

import pytest

from bot.rehearsal.sfu.faults import Faults
from bot.voice import receiver
from media import ogg
from media.consent import Consent
from media.heard import SILENCE, GapHeard, SpurtEnded, UnheardReason, VoiceStarted
from media.hearing import Hearing, HearingSettings
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.vad import WebrtcVad
from tests.benchmarks.crowd import packets_of_opus
from tests.bot.voice.room import ANA, BEA, BOT, QUIET, Guild, Room, until

pytestmark = pytest.mark.long

SPOKEN = 80


def chain(tracks):
    """Return the real hearing chain, recording into ``tracks``."""
    return Hearing(
        HearingSettings(), tracks=tracks, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )


async def scene(folder, dave):
    """Let two people talk at once, one of them without consent; return the room."""
    tracks = OggFolder(folder)
    hearing = chain(tracks)
    guild = Guild()
    faults = Faults(padding_share=0.1, extension=True, noise=True, duplicate=0.1)
    room = Room(guild, await guild.open(1, dave=dave, faults=faults), hearing)
    await room.link.join(room.channel)
    await room.arrive(ANA)
    await room.arrive(BEA, level=Consent.NOTHING)
    room.link.record(True)
    await asyncio.gather(
        room.server.speak(ANA, packets_of_opus(SPOKEN / 50, 0)),
        room.server.speak(BEA, packets_of_opus(SPOKEN / 50, 1)),
    )
    await until(
        lambda: sum(s.packets for s in room.link.snapshot().speakers) >= 2 * SPOKEN
    )
    await room.link.leave()
    tracks.close()
    await guild.close()
    return room


async def reconnect(room, seconds):
    """Break the connection; the main gateway takes so long to answer."""
    guild, loop = room.guild, asyncio.get_running_loop()
    guild.answers = False
    await room.server.kick(BOT, 4006)
    await until(lambda: guild.asked[-2:] == [None, room.channel.id])
    asked = loop.time()
    await until(lambda: loop.time() > asked + seconds)
    guild.answers = True
    await guild._answer(None)
    await guild._answer(room.channel)


async def interrupted(folder, dave):
    """Let somebody talk before and after a full reconnect; return the room."""
    tracks = OggFolder(folder)
    hearing = chain(tracks)
    guild = Guild()
    room = Room(guild, await guild.open(1, dave=dave, faults=QUIET), hearing)
    await room.link.join(room.channel)
    await room.arrive(ANA)
    room.link.record(True)
    for part, connects in ((0, 1), (1, 2)):
        await room.server.speak(ANA, packets_of_opus(SPOKEN / 50, part))
        said = (part + 1) * SPOKEN
        await until(lambda said=said: room.link.snapshot().speakers[0].packets >= said)
        if connects == 1:
            await reconnect(room, 0.2)
            await until(lambda: room.link.snapshot().connects == 2)
            await room.server.settle()
    await room.link.leave()
    tracks.close()
    await guild.close()
    return room


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_a_track_over_a_full_reconnect(dave, tmp_path):
    """One file on one grid; the time without connection is listed, not silence."""
    room = asyncio.run(interrupted(tmp_path, dave))

    path = tmp_path / f"{ANA}.opus"
    pages = list(ogg.pages(path.read_bytes()))
    slots = [packet for page in pages[2:] for packet in page.packets]
    sound = [n for n, packet in enumerate(slots) if packet != SILENCE]
    assert [slots[n] for n in sound] == [
        *packets_of_opus(SPOKEN / 50, 0),
        *packets_of_opus(SPOKEN / 50, 1),
    ]
    assert pages[-1].granule == 960 * len(slots)
    starts = [fact.at for fact in room.heard if isinstance(fact, VoiceStarted)]
    begins = [sound[0] / 50, sound[SPOKEN] / 50]
    assert starts == pytest.approx(begins, abs=0.05)
    (outage,) = [fact for fact in room.heard if isinstance(fact, GapHeard)]
    assert outage.frames == 0
    assert outage.end - outage.start > 0.15
    assert f'"start": {outage.start}' in path.with_suffix(".gaps.jsonl").read_text()


@pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])
def test_what_was_sent_is_in_the_track(dave, tmp_path):
    """Bit-identical Opus of who consents; nothing at all of who does not."""
    sent = packets_of_opus(SPOKEN / 50, 0)

    room = asyncio.run(scene(tmp_path, dave))
    whole = ogg.pages((tmp_path / f"{ANA}.opus").read_bytes())
    packets = [packet for page in whole for packet in page.packets][2:]

    assert [packet for packet in packets if packet != SILENCE] == sent
    assert not (tmp_path / f"{BEA}.opus").exists()
    assert not [fact for fact in room.heard if isinstance(fact, GapHeard)]
    ended = [fact.spurt for fact in room.heard if isinstance(fact, SpurtEnded)]
    assert any(spurt.pcm for spurt in ended if spurt.user_id == ANA)
    assert not any(spurt.pcm for spurt in ended if spurt.user_id == BEA)


def test_somebody_sends_what_is_no_sound(tmp_path, monkeypatch):
    """The host is told once, and the snapshot names them as long as it lasts."""
    monkeypatch.setattr(receiver, "CHECK_S", 0.2)

    async def played():
        hearing = chain(None)
        guild = Guild()
        room = Room(guild, await guild.open(1, dave=False, faults=QUIET), hearing)
        await room.link.join(room.channel)
        await room.arrive(ANA)
        noise = asyncio.create_task(room.server.speak(ANA, [b"\x7b\x00"] * 500))
        await until(lambda: room.link.snapshot().unheard)
        named = room.link.snapshot().unheard
        room.server.hush(ANA)
        await noise
        await room.server.speak(ANA, packets_of_opus(2.0))
        await until(lambda: not room.link.snapshot().unheard)
        await room.link.leave()
        await guild.close()
        return room, named

    room, named = asyncio.run(played())

    assert [(one.user_id, one.reason) for one in named] == [
        (ANA, UnheardReason.CORRUPT)
    ]
    assert [one.reason for one in room.unheard] == [UnheardReason.CORRUPT]
