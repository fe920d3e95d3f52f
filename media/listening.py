"""Listening to sound that is there already: PCM in, talk spurts out.

The same decisions as for live packets (``media.activity``, ``media.spurts``), for a
recording that was decoded beforehand. Time is the sound's own: second 0.0 is its
first sample.
"""

from media.activity import Memory, weigh
from media.ear import HearingSettings
from media.heard import FRAMES_PER_S, Heard, SpurtEnded, TalkSpurt
from media.ports import Vad
from media.sound import Run
from media.spectrum import FRAME_BYTES
from media.spurts import Spurts


class Listener:
    """Finds the talk spurts of one speaker's recording."""

    def __init__(self, user_id: int, vad: Vad, settings: HearingSettings) -> None:
        """Begin at second 0.0; ``vad`` is used by nobody else."""
        self._memory = Memory(vad)
        self._spurts = Spurts(user_id, settings.spurts)
        self._slot = 0
        self._rest = b""

    def feed(self, pcm: bytes) -> list[TalkSpurt]:
        """Take the next int16 16 kHz mono sound; return the spurts that ended."""
        sound = self._rest + pcm
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        sound, self._rest = sound[:whole], sound[whole:]
        heard: list[Heard] = []
        if sound:
            (talk,) = weigh([(self._memory, [Run(self._slot, sound)])])
            self._spurts.hear(self._slot, talk, sound, heard)
            self._slot += whole // FRAME_BYTES
        return _ended(heard)

    @property
    def seconds(self) -> float:
        """Seconds of sound so far."""
        return self._slot / FRAMES_PER_S

    def close(self) -> list[TalkSpurt]:
        """End the recording; return the spurt that was still open."""
        heard: list[Heard] = []
        self._spurts.cut(self._slot, heard)
        return _ended(heard)


def _ended(heard: list[Heard]) -> list[TalkSpurt]:
    return [fact.spurt for fact in heard if isinstance(fact, SpurtEnded)]
