"""One speaker's way through the chain: order, place, record, decode, weigh, segment.

``take`` puts packets in order and into the track, ``decode`` makes sound of them, and
``spurts`` hears it once ``Hearing`` has weighed which frames of everybody's are talk.

Consent is enforced here, before decoding: at NOTHING there is no decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, inf

from media.activity import Memory
from media.burst import Burst
from media.consent import Consent
from media.heard import (
    FRAME_S,
    FRAMES_PER_S,
    SILENCE,
    GapHeard,
    Heard,
    Unheard,
    UnheardReason,
    VoiceStarted,
    VoiceStopped,
)
from media.loudness import Loudness
from media.ports import Decoder, TrackFolder, Vad
from media.recorder import Recorder
from media.sound import Run, Sound
from media.spurts import Spurts, SpurtSettings
from media.stream import Gap, Placed, Stream
from media.succession import Received, Succession
from media.toc import frames_of

_IN_FLIGHT_S = 0.1
"""Seconds that packets may be on their way: silence is not concluded sooner."""

_CORRUPT_IN_A_ROW = 25
"""Packets in a row that are not Opus (half a second): the speaker is unheard."""

_UNSAID_DBOV = -30
"""The level assumed of packets that do not say theirs."""


@dataclass(frozen=True, slots=True)
class HearingSettings:
    """What can be tuned about hearing."""

    reorder_s: float = 0.2
    """Seconds that a missing packet is waited for before it counts as lost."""
    voice_stop_s: float = 0.2
    """Seconds without sound after which the voice has stopped."""
    spurts: SpurtSettings = field(default_factory=SpurtSettings)


class Ear:
    """What is heard of one speaker."""

    def __init__(
        self,
        user_id: int,
        settings: HearingSettings,
        tracks: TrackFolder | None,
        new_decoder: Callable[[], Decoder],
        new_vad: Callable[[], Vad],
    ) -> None:
        """Start without consent: packets are counted, nothing is decoded."""
        self.user_id = user_id
        self.recorder = Recorder(user_id, tracks)
        self.spurts = Spurts(user_id, settings.spurts)
        self._sound: Sound | None = None
        self._new_decoder = new_decoder
        self._new_vad = new_vad
        self._settings = settings
        self.memory: Memory | None = None
        """What is remembered of the sound, where some is decoded."""
        self._placed: Placed = []
        self._runs: list[Run] = []
        self._loudness = Loudness()
        self._streams = Succession(settings.reorder_s)
        self._packets = 0
        self._sound_slot = 0
        self._sound_at = 0.0
        self._voiced = False
        self._fitting: float = 0
        """The stream's count of packets off the grid when the last one was on it."""

    def take(self, burst: Burst, heard: list[Heard]) -> None:
        """Take packets of this speaker."""
        self._packets += len(burst.opus)
        stream = self._streams.present
        if stream is None or burst.ssrc != stream.ssrc:
            if self._streams.straggles(burst):
                return
            stream = self._begin(burst, heard)
        self._go_on(stream.take(burst), heard)

    def talking(self, now: int, slots: int) -> int | None:
        """Return the stream of somebody whose talk spurt lasts for ``slots`` from now.

        Not while packets are held for missing ones: waiting on top of that would keep
        them from the track for too long.
        """
        stream = self._streams.present
        if stream is None or stream.is_waiting or not self._voiced:
            return None
        until = max(now, stream.next_slot) + slots
        return stream.ssrc if self.spurts.lasts(until) else None

    @property
    def deadline(self) -> float:
        """Return when ``tick`` will let go of held packets; infinity: none are held."""
        stream = self._streams.present
        return inf if stream is None else stream.deadline

    def is_due(self, now: float) -> bool:
        """Say whether ``tick`` has anything to do: packets held, or talk to end."""
        if now - self._sound_at < _IN_FLIGHT_S:
            return now >= self.deadline
        return self._voiced or self.spurts.is_talking or self.deadline < inf

    def tick(self, now: float, heard: list[Heard]) -> None:
        """Let time pass to ``now``: take what was held until then."""
        stream = self._streams.present
        waits = False
        if stream is not None and stream.is_waiting:
            self._go_on(stream.flush(now), heard)
            waits = stream.is_waiting
        silent_s = now - self._sound_at
        if waits:
            return  # what is held may be sound
        if self._voiced and silent_s >= self._settings.voice_stop_s:
            self._stop_voice(heard)
        if silent_s >= _IN_FLIGHT_S and not self._placed:
            self.spurts.idle(slot_at(now - _IN_FLIGHT_S), heard)

    def drain(self, heard: list[Heard]) -> None:
        """Give up all waiting: take what that sets free."""
        if self._streams.present is not None:
            self._go_on(self._streams.present.drain(), heard)

    def decode(self, heard: list[Heard]) -> list[Run]:
        """Return the sound of what was taken since the last call.

        A step of its own, so that everybody's packets go through libopus in a row.
        """
        if self._placed:
            self._decode_placed(heard)
        runs, self._runs = self._runs, []
        return runs

    def cut(self, at: float, heard: list[Heard]) -> None:
        """End what is being said at ``at``; call ``drain`` and ``decode`` before."""
        if self._voiced:
            self._stop_voice(heard)
        self.spurts.cut(slot_at(at), heard)

    def deafened(self, start: float, end: float, heard: list[Heard]) -> None:
        """Note that nobody could be heard between two moments: it is no silence."""
        stream = self._streams.present
        if stream is None:
            return
        begin = max(slot_at(start), stream.next_slot)
        gap = Gap(begin, slot_at(end), 0)
        if gap.until <= begin:
            return
        span = gap.start / FRAMES_PER_S, gap.until / FRAMES_PER_S
        heard.append(GapHeard(self.user_id, *span, 0))
        if self.recorder.frames:
            self.recorder.take([gap], heard)

    def consent(self, level: Consent, at: float, heard: list[Heard]) -> None:
        """Obey a member's consent from ``at`` on; ``drain`` and ``decode`` before."""
        self.recorder.allow(level >= Consent.AUDIO, slot_at(at), heard)
        decodes = level >= Consent.TRANSCRIPT
        if decodes != (self._sound is not None):
            self.spurts.cut(slot_at(at), heard)
            if (sound := self._sound) is not None:
                self._streams.keep(corrupt=sound.corrupt, concealed=sound.concealed)
            self._sound = Sound(self._new_decoder()) if decodes else None
            self.memory = Memory(self._new_vad()) if decodes else None

    def received(self) -> Received:
        """Count what came and what did not, so far."""
        total = self._streams.received()
        total.packets = self._packets
        if self._sound is not None:
            total.corrupt += self._sound.corrupt
            total.concealed += self._sound.concealed
        return total

    def _begin(self, burst: Burst, heard: list[Heard]) -> Stream:
        """Begin another stream, whose first packets these are.

        A voice is told at its first packet, which playout holds back for order: whoever
        may not speak must be silenced now, not when the order is known.
        """
        if self._streams.present is not None:
            self.drain(heard)
            if self._sound is not None:
                self._decode_placed(heard)
                self._sound.reset()
        stream = self._streams.begin(burst)
        self._fitting = 0
        sound = next((n for n, opus in enumerate(burst.opus) if opus != SILENCE), None)
        if sound is not None and not self._voiced:
            self._voiced = True
            self._sound_at = burst.arrivals[sound]
            self._sound_slot = slot_at(self._sound_at)
            heard.append(VoiceStarted(self.user_id, self._sound_slot / FRAMES_PER_S))
        self.recorder.take([], heard)  # its file is open when the order is known
        return stream

    def _go_on(self, placed: Placed, heard: list[Heard]) -> None:
        """Notice and record what lies in order now, and keep it for ``decode``."""
        stream = self._streams.present
        corrupt = 0 if stream is None else stream.corrupt
        if not placed:
            if corrupt - self._fitting >= _CORRUPT_IN_A_ROW:
                self._fitting = inf  # said once, until one fits
                since = self._sound_slot / FRAMES_PER_S
                heard.append(Unheard(self.user_id, UnheardReason.CORRUPT, since))
            return
        self._fitting = corrupt
        self._notice(placed, heard)
        self.recorder.take(placed, heard)
        if self._sound is None:
            self._weigh_unheard(placed, heard)
        else:
            self._placed += placed

    def _decode_placed(self, heard: list[Heard]) -> None:
        """Decode what is kept."""
        if self._sound is None:
            return
        corrupt = self._sound.corrupt_in_a_row
        placed, self._placed = self._placed, []  # an error must not come again
        self._runs += self._sound.decode(placed)
        if corrupt < _CORRUPT_IN_A_ROW <= self._sound.corrupt_in_a_row:
            since = (self._sound_slot - 1) / FRAMES_PER_S
            heard.append(Unheard(self.user_id, UnheardReason.CORRUPT, since))

    def _notice(self, placed: Placed, heard: list[Heard]) -> None:
        """Tell gaps, and whether there is a voice at all."""
        for item in placed:
            if isinstance(item, Gap):
                start, end = item.start / FRAMES_PER_S, item.until / FRAMES_PER_S
                heard.append(GapHeard(self.user_id, start, end, item.frames))
                self.spurts.lose(item.frames)
                continue
            slot, opus, _, arrivals = item
            voiced = len(opus)
            while voiced and opus[voiced - 1] == SILENCE:
                voiced -= 1
            if voiced:
                if not self._voiced:
                    self._voiced = True
                    first = next(n for n, one in enumerate(opus) if one != SILENCE)
                    at = (slot + first) / FRAMES_PER_S
                    heard.append(VoiceStarted(self.user_id, at))
                self._sound_slot = slot + voiced
                self._sound_at = arrivals[voiced - 1]

    def _stop_voice(self, heard: list[Heard]) -> None:
        """Tell that the voice stopped where its last sound ended."""
        self._voiced = False
        heard.append(VoiceStopped(self.user_id, self._sound_slot / FRAMES_PER_S))
        self.recorder.pause(heard)

    def _weigh_unheard(self, placed: Placed, heard: list[Heard]) -> None:
        """Find talk by packets and their RTP level alone: nothing is decoded."""
        for item in placed:
            if isinstance(item, Gap):
                continue
            talk: list[bool] = []
            for opus, level in zip(item.opus, item.levels_dbov, strict=True):
                loud = opus != SILENCE and self._loudness.is_talk(
                    _UNSAID_DBOV if level is None else level
                )
                talk += [loud] * (frames_of(opus) or 1)
            self.spurts.hear(item.slot, talk, b"", heard)


def slot_at(seconds: float) -> int:
    """Return the slot that begins at ``seconds`` of the Space, or next after it."""
    return ceil(seconds / FRAME_S - 1e-6)
