"""Bytes and numbers from hostile networks, thrown at ``media`` alone.

    python -m tests.fuzz.media 1000000 [SEED]

Four targets: RTP headers with extensions and padding, Opus durations, Ogg files that
were damaged, and packets with senseless sequence numbers, timestamps and times, which
are recorded, too. What must hold: no exception, nothing read beyond the input, slots
that only grow, memory that does not.
"""

import random
import struct
import sys
from collections.abc import Callable, Sequence

from media import ogg
from media.burst import bursts
from media.consent import Consent
from media.heard import FRAME_S, SILENCE, TrackStopped, VoicePacket
from media.hearing import Hearing, HearingSettings
from media.jitter import MAX_HELD
from media.pieces import cut
from media.ports import Track
from media.rtp import Content, Header, parse, unwrap
from media.silencing import silenced
from media.stream import Stream
from media.toc import frames_of
from tests.media.fakes import Silent

EXTENSION = b"\x10\x9e\x91\x00\x00\x00\x00\x00"


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them changed, cut, doubled or made up."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(spoilt) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(spoilt):
            spoilt[at] = chance.randrange(256)
        elif kind == 1:
            del spoilt[at:]
        elif kind == 2:
            spoilt[at:at] = chance.randbytes(chance.randint(1, 30))
        elif kind == 3:
            del spoilt[at : at + chance.randint(1, 20)]
        else:
            spoilt += spoilt[:at]
    return bytes(spoilt[:3000])


def rtp(chance: random.Random) -> None:
    """Parse one packet: what is taken for voice lies within it."""
    flags = 0x80 | chance.choice((0, 0x10, 0x20, 0x30)) | chance.choice((0, 0, 3, 15))
    clear = struct.pack(">BBHII", flags, 120, chance.getrandbits(16), 0, 7)
    clear += bytes(4 * (flags & 15))
    if flags & 0x10:
        profile = chance.choice((0xBEDE, 0x1000, 0x1005, chance.getrandbits(16)))
        clear += struct.pack(">HH", profile, chance.choice((0, 1, 2, 2, 2, 65535)))
    body = mutated(EXTENSION + chance.randbytes(20) + b"\x00\x00\x03", chance)
    datagram = mutated(clear + body + bytes(20), chance)
    header = parse(datagram)
    if not isinstance(header, Header):
        return
    plain = datagram[header.clear_bytes : -20]
    content = unwrap(header, plain)
    if isinstance(content, Content):
        assert content.frame in plain
        assert content.frame
        assert content.level_dbov is None or -127 <= content.level_dbov <= 0


def toc(chance: random.Random) -> None:
    """Ask for the duration of random bytes: at most 120 ms."""
    assert 0 <= frames_of(chance.randbytes(chance.randrange(4))) <= 6


def pages(chance: random.Random) -> None:
    """Read a damaged file: every byte is accounted for, and none moves."""
    packets = [chance.randbytes(chance.randint(1, 400)) for _ in range(3)]
    whole = [
        ogg.page(5, 0, 0, [ogg.head(2)], ogg.FIRST),
        ogg.page(5, 1, 0, [ogg.tags()]),
        ogg.page(5, 2, 2880, packets),
    ]
    data = mutated(b"".join(_spoilt(page, chance) for page in whole), chance)
    read = list(ogg.pages(data))
    assert sum(item.size for item in read) == len(data)
    for item in read:
        if isinstance(item, ogg.Page):
            assert all(packet in data for packet in item.packets)
            for packet in item.packets:
                ogg.read_head(packet)
    ogg.last_page(data, 5)
    for at, silent in silenced(data, [(0.0, 9.0)]):
        assert 0 <= at <= len(data) - len(silent)
    for piece in cut(data, 500):
        assert all(isinstance(page, ogg.Page) for page in ogg.pages(piece))


def _spoilt(page: bytes, chance: random.Random) -> bytes:
    """Return a page with, sometimes, a byte that is wrong and a checksum that fits."""
    if chance.randrange(4):
        return page
    spoilt = bytearray(page)
    spoilt[chance.randrange(4, len(page))] = chance.randrange(256)
    return ogg.sealed(spoilt)


class Senseless:
    """A sender whose numbers follow no rule, heard and recorded."""

    def __init__(self) -> None:
        self._now = 0.0
        self._stream = Stream(7, 0.2, 0)
        self._next = 0
        self._hearing = Hearing(
            HearingSettings(), tracks=Tracks(), new_decoder=Silent, new_vad=Silent
        )
        self._hearing.consent(1, Consent.AUDIO)
        self._hearing.record(True, 0.0)

    def __call__(self, chance: random.Random) -> None:
        """Feed a few packets to a stream and to the whole chain."""
        few = [self._packet(chance) for _ in range(chance.choice((1, 1, 1, 4)))]
        if chance.random() < 0.3:  # as a sender does it who has gone on in peace
            few = [self._follow(few[0], by) for by in range(chance.randint(1, 30))]
        for burst in bursts(few):
            for item in self._stream.take(burst):
                slot = item[0]
                assert slot >= self._next - MAX_HELD
                assert slot * FRAME_S < self._now + 5
                self._next = max(self._next, slot)
        told = self._hearing.feed(few) + self._hearing.tick(self._now)
        if chance.random() < 0.01:
            start = self._now - chance.random()
            told += self._hearing.deafened(start, self._now)
        assert not any(isinstance(fact, TrackStopped) for fact in told)
        reel = self._hearing._ears[1].spurts._reel
        assert (reel.end - reel.start) * FRAME_S < 60

    def _follow(self, first: VoicePacket, by: int) -> VoicePacket:
        self._now += FRAME_S
        return first._replace(
            sequence=(first.sequence + by) & 0xFFFF,
            timestamp=(first.timestamp + by * 960) & 0xFFFFFFFF,
            arrived_at=self._now,
        )

    def _packet(self, chance: random.Random) -> VoicePacket:
        self._now += chance.choice((0, 0, 0.02, 0.02, 0.02, 0.3, 5.0))
        return VoicePacket(
            1,
            chance.choice((7, 7, 7, 7, 8, chance.getrandbits(32))),
            chance.choice((chance.getrandbits(16), round(self._now * 50) & 0xFFFF)),
            chance.choice((chance.getrandbits(32), round(self._now * 48_000)))
            & 0xFFFFFFFF,
            chance.choice((SILENCE, b"", b"\x78\x01", chance.randbytes(3))),
            chance.choice((None, 0, -127)),
            self._now,
        )


class Slots:
    """A track that keeps nothing, and takes what a file on the disk would take."""

    next_slot = 0

    def write(self, slot: int, packets: Sequence[bytes]) -> None:
        """Go on where there is nothing yet."""
        assert slot >= self.next_slot
        frames = frames_of(packets[0])
        assert frames == 1 or len(packets) == 1
        self.next_slot = slot + frames * len(packets)

    def lose(self, slot: int, until: int, frames: int) -> None:
        """Note a loss behind what is written."""
        assert self.next_slot <= slot < until
        assert frames <= until - slot

    def flush(self) -> None:
        """Have nothing to write."""

    def end(self, slot: int) -> None:
        """Be filled up."""

    def settle(self) -> None:
        """Have nothing on the disk."""


class Tracks:
    """One such track."""

    def __init__(self) -> None:
        self._track = Slots()

    def track(self, user_id: int) -> Slots:
        """Return it."""
        return self._track

    ready = track

    def complete(self, user_id: int, finish: Callable[[Track], None]) -> Slots:
        """End it."""
        finish(self._track)
        return self._track

    def abandon(self, user_id: int) -> None:
        """Keep it."""


def targets() -> dict[str, Callable[[random.Random], None]]:
    """Return every target by its name, afresh."""
    return {"rtp": rtp, "toc": toc, "pages": pages, "senseless": Senseless()}


def run(count: int, seed: int) -> dict[str, int]:
    """Throw ``count`` inputs in all; return how many each target took."""
    chance = random.Random(seed)
    thrown = targets()
    shares = {"rtp": 0.6, "toc": 0.05, "pages": 0.15, "senseless": 0.2}
    taken = {}
    for name, target in thrown.items():
        taken[name] = round(count * shares[name])
        for _ in range(taken[name]):
            target(chance)
    return taken


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    sys.stdout.write(f"{run(count, seed)}: nothing broke\n")
