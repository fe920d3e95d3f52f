"""A receiver of its own, to be killed: ``python -m tests.bot.voice.mortal``.

One parent process has imported everything; for each line of JSON on its standard input
it forks a receiver, and prints its pid. The receiver joins the voice server that the
order names, with real discord.py, and records whoever is there.

After each beat it appends a line of JSON to the file that the order names as ``beats``:
a moment of the system's monotonic clock, and per member how many frames it says it
missed. All that had come 0.4 s before that moment has been written or counted by then,
but for what the track keeps until its page is full.
"""

import asyncio
import json
import time
from collections import deque
from pathlib import Path

from media.consent import Consent
from media.hearing import Hearing, HearingSettings
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.vad import WebrtcVad
from tests.bot.voice.room import Channel, Guild, Room
from tests.bot.zygote import fork_for_each


class FarServer:
    """What joining takes of a voice server that another process runs."""

    def __init__(self, channel_id, occupants):
        self.channel_id = channel_id
        self.occupants = occupants

    def expect(self, *ticket):
        """Do nothing: its own process has issued the ticket."""


class ToldHearing(Hearing):
    """A hearing chain that says how far it has come."""

    def __init__(self, folder, beats):
        super().__init__(
            HearingSettings(),
            tracks=OggFolder(folder),
            new_decoder=OpusDecoder,
            new_vad=WebrtcVad,
        )
        self._beats = beats
        self._ended = deque([0.0, 0.0])

    def tick(self, now, awaited=()):
        """Let time pass; the beat before the last one took what is heard now."""
        heard = super().tick(now, awaited)
        self._ended.append(time.monotonic())
        missing = {s.user_id: s.lost + s.trimmed for s in self.snapshot().speakers}
        line = json.dumps([self._ended.popleft(), missing])
        self._beats.write(f"{line}\n")
        return heard


async def serve(order):
    """Record until killed."""
    path = Path(order["beats"])
    with path.open("w", buffering=1) as beats:  # noqa: ASYNC230 (nothing runs yet)
        guild = Guild()
        far = FarServer(order["channel"], order["members"])
        channel = Channel(guild, far, order["endpoint"])
        guild.channels[channel.id] = channel
        room = Room(guild, channel, ToldHearing(Path(order["folder"]), beats))
        for user_id in order["members"]:
            room.link.set_consent(user_id, Consent.AUDIO)
        room.link.record(True)
        await room.link.join(channel)
        await asyncio.Event().wait()


if __name__ == "__main__":
    fork_for_each(serve)
