"""Six hours of thirteen people with clocks of their own: how well tracks line up.

Simulated time, real tracks. Everybody talks for three seconds a minute over a jittery
network, with a clock that is wrong by up to 100 ppm, wraps its sequence and timestamp,
and joins anew every two hours with another SSRC. In the end all say the same mark at
the same moment, which is not on the grid. Codecs are left out: they have no part in
where a packet lies.
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from media import ogg
from media.consent import Consent
from media.heard import FRAME_S, SILENCE, VoicePacket
from media.hearing import Hearing, HearingSettings
from media.tracks import OggFolder
from tests.benchmarks.resident import resident_mb
from tests.figures import Figure
from tests.media.fakes import Silent

SPEAKERS = 13
HOURS = 6
WORST_PPM = 100
JITTER_S = 0.03
MARK = b"\x78the mark"
SPEECH = b"\x78" + bytes(60)
BURST_FRAMES = 150
EVERY_S = 60
SETTLED_MINUTES = 60
MARKED_S = 10.007
"""Seconds into the last minute at which everybody's last burst begins."""


class Speaker:
    """Somebody with a clock of their own."""

    def __init__(self, user_id: int) -> None:
        self.user_id = user_id
        self._random = random.Random(user_id)
        spread = (user_id - 1) / (SPEAKERS - 1) * 2 - 1
        self._rate = 48_000 * (1 + spread * WORST_PPM / 1e6)
        self._joins()

    def _joins(self) -> None:
        self._ssrc = self._random.getrandbits(32)
        self._sequence = self._random.getrandbits(16)
        self._zero = self._random.getrandbits(32)

    def say(self, at_s: float, frames: list[bytes]) -> Iterator[VoicePacket]:
        """Yield packets of speech that begins at a true time."""
        if at_s % 7200 < EVERY_S:
            self._joins()
        ticks = self._zero + round(at_s * self._rate)
        for number, opus in enumerate(frames):
            sent_s = at_s + number * 960 / self._rate
            yield VoicePacket(
                self.user_id,
                self._ssrc,
                self._sequence & 0xFFFF,
                ticks + number * 960 & 0xFFFFFFFF,
                opus,
                -30,
                sent_s + self._random.random() * JITTER_S,
            )
            self._sequence += 1


def minutes() -> Iterator[list[VoicePacket]]:
    """Yield everybody's packets minute by minute, in order of arrival."""
    everybody = [Speaker(user_id) for user_id in range(1, SPEAKERS + 1)]
    frames = [SPEECH] * BURST_FRAMES + [SILENCE] * 5
    for minute in range(HOURS * 60):
        last = minute == HOURS * 60 - 1
        packets: list[VoicePacket] = []
        for speaker in everybody:
            at_s = minute * EVERY_S + (MARKED_S if last else 3 * speaker.user_id)
            said = [*frames[:50], MARK, *frames[51:]] if last else frames
            packets += speaker.say(at_s, said)
        yield sorted(packets, key=lambda packet: packet.arrived_at)


def mark_s(path: Path) -> float:
    """Return where in a track the mark lies, in seconds."""
    at = 0
    for page in ogg.pages(path.read_bytes()):
        if isinstance(page, ogg.Torn):
            raise TypeError(f"{path.name} is damaged at {page.offset}")
        if page.sequence > 1:
            if MARK in page.packets:
                return (at + page.packets.index(MARK)) * FRAME_S
            at += len(page.packets)
    raise LookupError(f"{path.name} does not hold the mark")


def figures() -> Iterator[Figure]:
    """Measure how far apart from the true moment the marks are, at worst."""
    with tempfile.TemporaryDirectory() as name:
        folder = OggFolder(Path(name))
        hearing = Hearing(
            HearingSettings(), tracks=folder, new_decoder=Silent, new_vad=Silent
        )
        for user_id in range(1, SPEAKERS + 1):
            hearing.consent(user_id, Consent.AUDIO)
        hearing.record(True, 0.0)
        settled_mb = resident_mb()
        for minute, packets in enumerate(minutes()):
            if minute == SETTLED_MINUTES:
                settled_mb = resident_mb()
            for start in range(0, len(packets), 50):
                batch = packets[start : start + 50]
                hearing.feed(batch)
                hearing.tick(batch[-1].arrived_at)
        grown_mb = resident_mb() - settled_mb
        hearing.close(HOURS * 3600.0)
        folder.close()
        true_s = HOURS * 3600 - EVERY_S + MARKED_S + 50 * FRAME_S
        marks = [mark_s(path) for path in sorted(folder.directory.glob("*.opus"))]
    yield Figure(
        "voice.alignment_ms_after_6h",
        max(abs(mark - true_s) for mark in marks) * 1000,
        "ms",
        "lower",
        20,
        {
            "between two tracks": (max(marks) - min(marks)) * 1000,
            "MB grown since the first hour": grown_mb,
        },
        len(marks),
    )
