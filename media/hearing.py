"""The hearing chain: received packets in, facts about who speaks out.

Synchronous, without threads, clock or I/O of its own (tracks, decoder and detector
are ports): one thread calls it, with batches, and everything happens in that call.

    VoicePacket → timeline → jitter → track (consent AUDIO, while recording)
                                    → decoder → detector → talk spurts (TRANSCRIPT)
                                    → RTP level → talk spurts without sound (NOTHING)

Times are seconds of the Space; ``Heard`` is defined in ``media.heard``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from media.consent import Consent
from media.heard import (
    GapHeard,
    Heard,
    SpurtEnded,
    SpurtStarted,
    TalkSpurt,
    TrackStopped,
    Unheard,
    UnheardReason,
    VoicePacket,
    VoiceStarted,
    VoiceStopped,
)
from media.ports import Decoder, TrackFolder, Vad

__all__ = [
    "Consent",
    "GapHeard",
    "Heard",
    "Hearing",
    "HearingSettings",
    "HearingSnapshot",
    "SpeakerCounters",
    "SpurtEnded",
    "SpurtStarted",
    "TalkSpurt",
    "TrackStopped",
    "Unheard",
    "UnheardReason",
    "VoicePacket",
    "VoiceStarted",
    "VoiceStopped",
]


@dataclass(frozen=True, slots=True)
class HearingSettings:
    """What can be tuned about hearing."""

    reorder_s: float = 0.2
    """Seconds that a missing packet is waited for before it counts as lost."""
    voice_stop_s: float = 0.2
    """Seconds without a packet with sound after which the voice has stopped."""
    onset_s: float = 0.1
    """Seconds of speech before a talk spurt starts; clicks are shorter."""
    hangover_s: float = 0.6
    """Seconds of pause that end a talk spurt."""
    split_after_s: float = 15.0
    """From this length on, a talk spurt is split at the next pause within it."""
    split_at_s: float = 28.0
    """At this length it is split wherever it is."""


@dataclass(frozen=True, slots=True)
class SpeakerCounters:
    """What was received of one speaker and what was not, since the chain began."""

    user_id: int
    packets: int
    """Packets taken, duplicates and late ones included."""
    lost: int
    """Frames that never came, or came too late."""
    late: int
    """Packets that came after their frame had been given up."""
    duplicates: int
    concealed: int
    """Lost frames that FEC or PLC covered in the decoded sound."""
    corrupt: int
    """Packets that libopus refused."""
    talk_s: float
    """Seconds of talk in finished talk spurts."""
    recorded_frames: int
    """Received packets that are in the track."""


@dataclass(frozen=True, slots=True)
class HearingSnapshot:
    """The state of the chain, for metrics and the page."""

    recording: bool
    speakers: tuple[SpeakerCounters, ...]


class Hearing:
    """Everybody's voice in one Space."""

    def __init__(
        self,
        settings: HearingSettings,
        *,
        tracks: TrackFolder | None,
        new_decoder: Callable[[], Decoder],
        new_vad: Callable[[], Vad],
    ) -> None:
        """Start deaf and not recording; ``tracks`` None never records."""
        raise NotImplementedError

    def feed(self, packets: Sequence[VoicePacket]) -> list[Heard]:
        """Take a batch of packets of any speakers, in order of arrival."""
        raise NotImplementedError

    def tick(self, now: float) -> list[Heard]:
        """Let time pass: give up missing packets, end spurts. Call every ≤ 100 ms."""
        raise NotImplementedError

    def consent(self, user_id: int, level: Consent) -> list[Heard]:
        """Set what a member allows; lowering it cuts their spurt and track at once."""
        raise NotImplementedError

    def cut(self, user_id: int, at: float) -> list[Heard]:
        """End a member's spurt at ``at``: muted, suppressed or gone."""
        raise NotImplementedError

    def record(self, on: bool, at: float) -> list[Heard]:
        """Start or stop recording the members whose consent is AUDIO."""
        raise NotImplementedError

    def close(self, at: float) -> list[Heard]:
        """End every spurt and track."""
        raise NotImplementedError

    def snapshot(self) -> HearingSnapshot:
        """Count what was received, per speaker."""
        raise NotImplementedError
