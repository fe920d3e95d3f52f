"""Microphones as Discord shows them, and what is being said just then."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.rooms.seeing import gone, seen
from bot.talk.ears import Ears
from media.heard import SpurtClosed
from moderation.settings import RoomKind
from tests.bot.guild import ANA, HOST, run, until

OPEN = {"self_mute": False, "self_deaf": False, "mute": False, "suppress": False}


class FakeRoom:
    """Notes whose spurt was ended."""

    def __init__(self):
        self.cut = []
        self.ears = SimpleNamespace(cut=self.cut.append)
        self.notice = lambda *_: None
        self.roster = SimpleNamespace(
            name=self.notice, voice_state=self.notice, knows=lambda _: True
        )


@pytest.mark.parametrize(
    ("change", "cut"),
    [
        ({}, []),
        ({"self_deaf": True}, []),
        ({"self_mute": True}, [7]),
        ({"mute": True}, [7]),
        ({"suppress": True}, [7]),
    ],
)
def test_a_microphone_that_closes_ends_the_spurt(change, cut):
    """Muted by oneself or by others, or suppressed: nothing more can come."""
    room = FakeRoom()
    state = SimpleNamespace(**(OPEN | change), requested_to_speak_at=None)
    born = datetime(2020, 1, 1, tzinfo=UTC)
    member = SimpleNamespace(id=7, display_name="Ana", created_at=born)

    seen(room, member, state)

    assert room.cut == cut


def test_who_leaves_has_said_the_last_word():
    """The spurt ends with the visit."""
    room = FakeRoom()

    gone(room, 7)

    assert room.cut == [7]


@pytest.mark.parametrize("kind", list(RoomKind), ids=lambda k: k.value)
def test_a_speaker_mutes_in_the_midst_of_a_sentence(tmp_path, kind, monkeypatch):
    """From Discord's event to the voice thread: the spurt is cut, not waited for."""
    closed = []
    takes = Ears._take

    def take(ears, spurt):
        closed.append(spurt.closed)
        takes(ears, spurt)

    monkeypatch.setattr(Ears, "_take", take)

    async def play(stage):
        ana = stage.member(ANA)
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(HOST, "floor invite", member=str(ana.id))
        await stage.command(ANA, "floor accept")
        if kind is RoomKind.STAGE:
            await until(lambda: stage.standin.world.voice[ana.id].invited)
            await ana.accept()
        await until(lambda: stage.heard(ANA) and room.ears.snapshot())
        speaking = ana.start_speaking(ana.words(20.0))
        await until(
            lambda: (
                room.talk.ledger.seconds(room.talk.space_time()).get(ana.id, 0.0) > 0.3
            )
        )
        await ana.set_self(mute=True)
        await until(lambda: closed)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)

    run(tmp_path, play, kind)

    assert closed[0] is SpurtClosed.CUT
