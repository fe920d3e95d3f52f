"""Soft tones: from the rung of the ladder to the ears of the room."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.config import Config
from bot.talk import cues
from bot.talk.cues import Cues
from bot.voice.errors import Unable
from bot.voice.playing import cannot
from moderation.effects import TellHosts, Tone
from moderation.events import ConductNudged
from moderation.ladder import LadderSettings, Rung
from moderation.settings import RoomKind, SpaceSettings
from tests.bot.guild import ANA, HOST, run, until


class FakeVenue:
    """A room in which the bot may be heard, or becomes so when it steps up."""

    def __init__(self, kind=RoomKind.STAGE, *, lets_us=True):
        self.kind = kind
        self.audible = False
        self._lets_us = lets_us

    async def step_up(self):
        if not self._lets_us:
            raise discord.Forbidden(SimpleNamespace(status=403, reason=""), "no")
        self.audible = self.kind is RoomKind.STAGE


def played(venue, tones, refusal=None):
    """Play tones one after the other; return what sounded and what was told."""
    sounded, told = [], []

    async def play(sound):
        if refusal is not None and not venue.audible:
            raise cannot(refusal)
        sounded.append(len(sound))

    async def main():
        room = Cues(play, venue, told.extend)
        for tone in tones:
            room.play(tone)
            await room._sounding
        await room.stop()

    asyncio.run(main())
    return sounded, told


def test_each_tone_is_a_sound_of_its_own():
    """Half a second to one and a half."""
    sounded, told = played(FakeVenue(), [Tone.NUDGE, Tone.TIME])

    assert sounded == [49, 65]
    assert told == []


def test_from_the_audience_of_a_stage():
    """The bot steps up and is heard."""
    sounded, told = played(FakeVenue(), [Tone.NUDGE], Unable.SUPPRESSED)

    assert (sounded, told) == ([49], [])


@pytest.mark.parametrize(
    ("venue", "refusal", "key"),
    [
        (FakeVenue(lets_us=False), Unable.SUPPRESSED, "cues.suppressed_stage"),
        (FakeVenue(RoomKind.VOICE), Unable.SUPPRESSED, "cues.suppressed_voice"),
        (FakeVenue(RoomKind.VOICE), Unable.MUTED, "cues.muted_voice"),
    ],
)
def test_the_bot_may_not_be_heard(venue, refusal, key, monkeypatch):
    """The hosts are told why, once, with what mends it."""
    monkeypatch.setattr(cues, "STEP_UP_S", (0.0,))

    sounded, told = played(venue, [Tone.NUDGE, Tone.NUDGE], refusal)

    assert (sounded, told) == ([], [TellHosts(key)])


def test_a_room_without_sound():
    """A Space without voice has no tones, and nobody is bothered with that."""
    assert played(FakeVenue(), [Tone.TIME], Unable.NOT_CONNECTED) == ([], [])


def test_one_tone_at_a_time():
    """What comes while one sounds is left out: late, it would say the wrong thing."""
    sounded = []

    async def main():
        heard = asyncio.Event()

        async def play(sound):
            sounded.append(sound)
            await heard.wait()

        room = Cues(play, FakeVenue(), sounded.append)
        room.play(Tone.NUDGE)
        room.play(Tone.TIME)
        await until(lambda: sounded)
        heard.set()
        await room._sounding

    asyncio.run(main())

    assert sounded == [cues.sound(Tone.NUDGE)]


@pytest.mark.parametrize("kind", list(RoomKind), ids=lambda k: k.value)
def test_a_rung_of_the_ladder_sounds_in_the_room(tmp_path, kind):
    """Whoever is nudged by a tone hears it, and so does everybody else."""
    ladder = LadderSettings(rungs=(Rung.TONE,))
    config = Config(space=SpaceSettings(ladder=ladder))

    async def nudge(stage):
        me, received = stage.bot.client.user.id, stage.standin.received
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ana = stage.member(ANA).id
        await stage.command(HOST, "floor invite", member=str(ana))
        await stage.command(ANA, "floor accept")
        await until(lambda: room.ears.snapshot() is not None)
        room.notice(ConductNudged(ana, "dominance", by=stage.member(HOST).id))
        await until(lambda: received.seconds.get(me, 0.0) >= 0.98)
        server = stage.standin.voice.servers[stage.channel_id]
        return dict(received.undecodable), server.breaches(me)

    assert run(tmp_path, nudge, kind, config) == ({}, {})
