"""The hearing chain: received packets in, facts about who speaks out.

Synchronous, without threads, clock or I/O of its own (tracks, decoder and detector
are ports): one thread calls it, with batches, and everything happens in that call.

    Burst → jitter → timeline → track (consent AUDIO, while recording)
                              → decoder → detector, activity → talk spurts
                                (TRANSCRIPT and AUDIO)
                              → RTP level → talk spurts without sound (NOTHING)

Each step is done for all speakers of a batch before the next one begins: what a step
needs, libopus' tables above all, stays in the processor's caches. Weighing which frames
are talk is one product of matrices for everybody.

Times are seconds of the Space; ``Heard`` is defined in ``media.heard``.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import inf

from media.activity import weigh
from media.burst import Burst, bursts
from media.consent import Consent
from media.ear import Ear, HearingSettings, slot_at
from media.heard import (
    GapHeard,
    Heard,
    SpurtEnded,
    SpurtGrew,
    SpurtStarted,
    TalkSpurt,
    TrackStopped,
    Unheard,
    UnheardReason,
    VoicePacket,
    VoiceStarted,
    VoiceStopped,
)
from media.ports import Decoder, Ended, TrackFolder, Vad

__all__ = [
    "Consent",
    "GapHeard",
    "Heard",
    "Hearing",
    "HearingSettings",
    "HearingSnapshot",
    "SpeakerCounters",
    "SpurtEnded",
    "SpurtGrew",
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
    trimmed: int
    """Packets without a place: the sender's clock ran ahead of everybody's."""
    recorded: int
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
        """Start without anybody's consent, not recording; no ``tracks``: never."""
        self._settings = settings
        self._tracks = tracks
        self._new_decoder = new_decoder
        self._new_vad = new_vad
        self._ears: dict[int, Ear] = {}
        """Of whom packets have come: a stage has thousands who only listen."""
        self._consents: dict[int, Consent] = {}
        self._recording = False
        self._follows = False
        self._now = 0.0

    def feed(self, packets: Iterable[VoicePacket]) -> list[Heard]:
        """Take a batch of packets of any speakers, in order of arrival."""
        return self.hear(bursts(packets))

    def hear(self, arrived: Sequence[Burst]) -> list[Heard]:
        """Take a batch of bursts, each speaker's in order of arrival."""
        if not arrived:
            return []
        heard: list[Heard] = []
        fed: dict[int, Ear] = {}
        latest = max(burst.arrivals[-1] for burst in arrived)
        self._now = max(self._now, latest)  # what waited for a key is of the past
        for burst in arrived:
            user_id = burst.user_id
            ear = self._ears.get(user_id) or self._meet(user_id)
            ear.take(burst, heard)
            fed[user_id] = ear
        _listen(fed.values(), heard)
        return heard

    def tick(self, now: float, awaited: Collection[int] = ()) -> list[Heard]:
        """Let time pass: give up missing packets, end spurts. Call every ≤ 100 ms.

        ``awaited``: members of whom packets are here that were not fed yet; for them
        time stands still.
        """
        heard: list[Heard] = []
        self._now = now
        due = [
            ear
            for user_id, ear in self._ears.items()
            if user_id not in awaited and ear.is_due(now)
        ]
        for ear in due:
            ear.tick(now, heard)
        _listen(due, heard)
        if self._follows:
            for ear in self._ears.values():
                ear.spurts.tell(heard)
        return heard

    def deadline(self, awaited: Collection[int] = ()) -> float:
        """Return when held packets have waited long enough; infinity: none are held.

        A ``tick`` then, and not up to 100 ms later, starts a talk spurt the sooner.
        """
        return min(
            (
                ear.deadline
                for user_id, ear in self._ears.items()
                if user_id not in awaited
            ),
            default=inf,
        )

    def talking(self, now: float, for_s: float) -> dict[int, int]:
        """Return SSRC → member for those whose talk spurt lasts for ``for_s`` from now.

        Whatever they send in that time, no other spurt begins; this one ends an onset
        before, if at all. So it may be fed late, many packets at a time, which costs
        less.
        """
        at, slots = slot_at(now), slot_at(for_s)
        return {
            ssrc: user_id
            for user_id, ear in self._ears.items()
            if (ssrc := ear.talking(at, slots)) is not None
        }

    def follow(self, on: bool) -> None:
        """Tell what is being said while it is said (``SpurtGrew``), or no more."""
        self._follows = on

    def consent(self, user_id: int, level: Consent) -> list[Heard]:
        """Set what a member allows; lowering it cuts their spurt and track at once."""
        heard: list[Heard] = []
        self._consents[user_id] = level
        ear = self._ears.get(user_id)
        if ear is not None:
            try:
                self._drain(ear, heard)
            finally:
                ear.consent(level, self._now, heard)
        return heard

    def cut(self, user_id: int, at: float) -> list[Heard]:
        """End a member's spurt at ``at``: muted, suppressed or gone."""
        heard: list[Heard] = []
        ear = self._ears.get(user_id)
        if ear is not None:
            self._drain(ear, heard)
            ear.cut(at, heard)
        return heard

    def deafened(self, start: float, end: float) -> list[Heard]:
        """Note that there was no connection from ``start`` to ``end``.

        It is told and listed beside the tracks of whoever was heard before.
        """
        heard: list[Heard] = []
        for ear in self._ears.values():
            ear.deafened(start, end, heard)
        return heard

    def record(self, on: bool, at: float) -> list[Heard]:
        """Start or stop recording the members whose consent is AUDIO."""
        heard: list[Heard] = []
        self._recording = on
        for ear in self._ears.values():
            if not on:
                self._drain(ear, heard)
            ear.recorder.turn(on, slot_at(at), heard)
        return heard

    def release(self, user_id: int) -> list[Ended]:
        """Give up the tracks of a member that have ended.

        ``settle`` them on another thread before their file is touched.
        """
        ear = self._ears.get(user_id)
        return [] if ear is None else ear.recorder.release()

    def close(self, at: float) -> list[Heard]:
        """End every spurt and track, and wait until the disk has them."""
        heard = [fact for user_id in self._ears for fact in self.cut(user_id, at)]
        heard += self.record(False, at)
        for ear in self._ears.values():
            ear.recorder.settle(heard)
        return heard

    def snapshot(self) -> HearingSnapshot:
        """Count what was received, per speaker."""
        return HearingSnapshot(
            self._recording, tuple(_counters(ear) for ear in self._ears.values())
        )

    def _meet(self, user_id: int) -> Ear:
        """Begin to hear somebody new."""
        ear = Ear(
            user_id, self._settings, self._tracks, self._new_decoder, self._new_vad
        )
        ear.consent(self._consents.get(user_id, Consent.NOTHING), self._now, [])
        ear.recorder.turn(self._recording, 0, [])
        self._ears[user_id] = ear
        return ear

    def _drain(self, ear: Ear, heard: list[Heard]) -> None:
        """Take what a speaker's playout buffer still holds."""
        ear.drain(heard)
        _listen([ear], heard)


def _listen(ears: Iterable[Ear], heard: list[Heard]) -> None:
    """Decode what everybody's ears have taken, and find out which frames are talk."""
    sound = [
        (ear, memory, runs)
        for ear in ears
        if (runs := ear.decode(heard)) and (memory := ear.memory)
    ]
    if not sound:
        return
    talk = iter(weigh([(memory, runs) for _, memory, runs in sound]))
    for ear, _, runs in sound:
        for run in runs:
            ear.spurts.hear(run.slot, next(talk), run.pcm, heard)


def _counters(ear: Ear) -> SpeakerCounters:
    """Return one speaker's counters."""
    received = ear.received()
    return SpeakerCounters(
        user_id=ear.user_id,
        packets=received.packets,
        lost=received.lost,
        late=received.late,
        duplicates=received.duplicates,
        concealed=received.concealed,
        corrupt=received.corrupt,
        talk_s=ear.spurts.talk_s,
        trimmed=received.trimmed,
        recorded=ear.recorder.frames,
    )
