"""One member's packets, kept in memory for a moment: a hearing that hears nobody else.

It stands where the hearing chain stands. Nothing is decoded, written or told; whoever
made it takes the packets out and lets go of them. Packets of others are dropped as
they come, and so are those that came without consent (they carry no sound).
"""

from collections.abc import Sequence

from typing_extensions import override

from media.consent import Consent
from media.ear import HearingSettings
from media.heard import VoicePacket
from media.hearing import Heard, Hearing
from media.ports import Decoder, Vad

MOST = 60 * 50
"""Packets that are kept, a minute of them; later ones are dropped."""


class Tap(Hearing):
    """Keeps what one member says."""

    def __init__(self, user_id: int) -> None:
        """Keep nothing yet; ``open`` begins."""
        super().__init__(
            HearingSettings(), tracks=None, new_decoder=_no_decoder, new_vad=_no_vad
        )
        self._user_id = user_id
        self._open = False
        self._kept: list[VoicePacket] = []

    def open(self) -> None:
        """Keep what comes from now on; any thread may."""
        self._open = True

    def take(self) -> list[VoicePacket]:
        """Keep no more; return what came, in order of arrival, and forget it."""
        self._open = False
        kept, self._kept = self._kept, []
        return kept

    @override
    def feed(self, packets: Sequence[VoicePacket]) -> list[Heard]:
        if self._open and len(self._kept) < MOST:
            theirs = (p for p in packets if p.user_id == self._user_id and p.opus)
            self._kept.extend(theirs)
        return []

    @override
    def tick(self, now: float) -> list[Heard]:
        return []

    @override
    def consent(self, user_id: int, level: Consent) -> list[Heard]:
        return []


def _no_decoder() -> Decoder:
    raise NotImplementedError("a tap decodes nothing")


def _no_vad() -> Vad:
    raise NotImplementedError("a tap looks for no speech")
