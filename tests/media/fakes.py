"""Fakes at the ports of the hearing chain: scripted, and readable afterwards."""

import threading
from collections.abc import Sequence

from media.heard import SILENCE, TrackTrouble
from media.ports import TrackError
from media.tracks import OggFolder

FRAME = 640


class FakeDecoder:
    """Turns each packet into a frame that holds the packet's last byte throughout.

    A packet that begins with ``b"bad"`` is refused. ``seen`` lists what was asked.
    """

    def __init__(self):
        self.seen = []

    def decode(self, packets):
        pcm = b""
        for opus in packets:
            if opus.startswith(b"bad", 1):
                break
            self.seen.append("decode")
            pcm += bytes(FRAME) if opus == SILENCE else opus[-1:] * FRAME
        return pcm

    def recover(self, following):
        self.seen.append("recover")
        return b"\x11" * FRAME

    def conceal(self):
        self.seen.append("conceal")
        return b"\x22" * FRAME

    def reset(self):
        self.seen.append("reset")


class FakeVad:
    """Takes every frame that is not digital silence for speech."""

    def detect(self, frames):
        return [any(frame) for frame in frames]


class Silent:
    """A decoder and detector of nothing, for what codecs have no part in."""

    def decode(self, packets: Sequence[bytes]) -> bytes:
        return bytes(FRAME * len(packets))

    def recover(self, following: bytes) -> bytes:
        return bytes(FRAME)

    def conceal(self) -> bytes:
        return bytes(FRAME)

    def reset(self) -> None:
        pass

    def detect(self, frames: Sequence[bytes | memoryview]) -> list[bool]:
        return [False] * len(frames)


class FakeTrack:
    """Remembers what was written; ``fails`` makes the next write fail."""

    def __init__(self, next_slot=0):
        self.next_slot = next_slot
        self.written = []
        self.lost = []
        self.flushes = 0
        self.closed_at = None
        self.fails = False
        self.refuses = False
        self.settled = False

    def write(self, slot, packets):
        if self.fails:
            raise TrackError("No space left on device", TrackTrouble.DISK)
        self.written += enumerate(packets, slot)
        self.next_slot = slot + len(packets)

    def lose(self, slot, until, frames):
        self.lost.append((slot, until, frames))

    def flush(self):
        self.flushes += 1
        if self.fails:
            raise TrackError("No space left on device", TrackTrouble.DISK)

    def end(self, slot):
        self.closed_at = slot

    def settle(self):
        self.settled = True
        if self.refuses:
            raise TrackError("Input/output error")


class PromptFolder(OggFolder):
    """A folder that opens files in no time of the Space.

    Seconds of a Space take milliseconds in tests: beside that every disk is slow.
    """

    def ready(self, user_id):
        return self.track(user_id)


class LateFolder(OggFolder):
    """A folder whose files open when ``open_now`` is set."""

    def __init__(self, directory):
        super().__init__(directory, sync_every_s=999)
        self.open_now = threading.Event()

    def _open(self, user_id):
        assert self.open_now.wait(10)
        return super()._open(user_id)


class FakeFolder:
    """Hands out fake tracks, one per member."""

    def __init__(self):
        self.tracks = {}

    def track(self, user_id):
        return self.tracks.setdefault(user_id, FakeTrack())

    def ready(self, user_id):
        return self.track(user_id)

    def complete(self, user_id, finish):
        track = self.track(user_id)
        finish(track)
        return track

    def abandon(self, user_id):
        """Open nothing that would have to be closed."""


def close(track, slot):
    """End a track, and wait until the disk has it."""
    try:
        track.end(slot)
    finally:
        track.settle()
