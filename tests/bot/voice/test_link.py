"""One room, from joining to leaving, on real sockets and real discord.py."""

import asyncio

import pytest

from bot.rehearsal.sfu.faults import Faults
from bot.voice.listener import LinkState
from media.consent import Consent
from tests.bot.voice.room import ANA, BEA, CID, STAGE, Guild, frames, opened, until

both_kinds = pytest.mark.parametrize("dave", [False, True], ids=["stage", "voice"])


@both_kinds
def test_a_speaker_who_was_there_first_is_heard(dave):
    """Every frame arrives bit-identical, with padding and extensions of any length."""
    sound = frames(60)

    async def scene():
        faults = Faults(padding_share=0.2, extension=True)
        async with opened(dave=dave, faults=faults, present=[ANA]) as room:
            await room.say(ANA, sound)
            return room

    room = asyncio.run(scene())

    assert room.hearing.spoken(ANA) == sound
    assert room.hearing.closed
    assert [s.state for s in room.states] == [
        LinkState.CONNECTING,
        LinkState.CONNECTED,
        LinkState.IDLE,
    ]
