"""Packets of few members, kept in memory for a moment: hearings that hear nobody else.

They stand where the hearing chain stands. Nothing is decoded, written or told; whoever
made one takes the packets out and lets go of them. Packets of others are dropped as
they come, and so are those that came without consent (they carry no sound).
"""

from collections.abc import Collection, Iterable, Sequence

from typing_extensions import override

from media.burst import Burst
from media.consent import Consent
from media.ear import HearingSettings
from media.heard import VoicePacket
from media.hearing import Heard, Hearing
from media.ports import Decoder, Vad

MOST = 60 * 50
"""Packets that are kept, a minute of them; later ones are dropped."""


RECENT = 10 * 50
"""Packets that ``Recent`` keeps of each member, ten seconds of sound."""


class Quiet(Hearing):
    """A hearing chain that neither decodes nor tells anything."""

    def __init__(self) -> None:
        super().__init__(
            HearingSettings(), tracks=None, new_decoder=_no_decoder, new_vad=_no_vad
        )

    @override
    def tick(self, now: float, awaited: Collection[int] = ()) -> list[Heard]:
        return []

    @override
    def consent(self, user_id: int, level: Consent) -> list[Heard]:
        return []


class Tap(Quiet):
    """Keeps what one member says."""

    def __init__(self, user_id: int) -> None:
        """Keep nothing yet; ``open`` begins."""
        super().__init__()
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
    def hear(self, arrived: Sequence[Burst]) -> list[Heard]:
        for burst in arrived:
            if burst.user_id == self._user_id and self._open and len(self._kept) < MOST:
                self._kept += (packet for packet in burst.packets() if packet.opus)
        return []


class Recent(Quiet):
    """Keeps what several members said last, each for themself.

    A list is never changed once it is there, only replaced, so that one thread may
    feed while another reads.
    """

    def __init__(self) -> None:
        """Keep nobody yet."""
        super().__init__()
        self._allowed: frozenset[int] = frozenset()
        self._kept: dict[int, list[VoicePacket]] = {}

    def allow(self, user_ids: Iterable[int]) -> None:
        """Keep these members from now on, and forget all others; any thread may."""
        self._allowed = frozenset(user_ids)
        for user_id in self._kept.keys() - self._allowed:
            self._kept.pop(user_id, None)

    def read(self, user_id: int) -> list[VoicePacket]:
        """Return a member's last ten seconds of sound, in order of arrival."""
        return self._kept.get(user_id, [])

    @override
    def hear(self, arrived: Sequence[Burst]) -> list[Heard]:
        for burst in arrived:
            user_id = burst.user_id
            theirs = [packet for packet in burst.packets() if packet.opus]
            if user_id not in self._allowed or not theirs:
                continue
            before = self._kept.get(user_id, [])
            if before and before[-1].ssrc != burst.ssrc:
                before = []  # another stream counts its packets anew
            self._kept[user_id] = [*before, *theirs][-RECENT:]
            if user_id not in self._allowed:  # taken back in the middle of this batch
                self._kept.pop(user_id, None)
        return []


def _no_decoder() -> Decoder:
    raise NotImplementedError("a tap decodes nothing")


def _no_vad() -> Vad:
    raise NotImplementedError("a tap looks for no speech")
