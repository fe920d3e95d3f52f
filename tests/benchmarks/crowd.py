"""Twenty-five people who talk: real Opus, real DAVE, ready-made datagrams.

Their sound is the rehearsal's own voices, which the repository ships.
"""

import itertools
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import av
import davey
import numpy as np

from bot.rehearsal.sfu import rtp
from bot.rehearsal.sfu.delivery import Delivery, Sent
from bot.rehearsal.sfu.member import DaveMember, Reply
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.voices.clip import read_frames
from bot.rehearsal.voices.spoken import spoken
from media.heard import SILENCE
from tests.figures import ROOT

SPEAKERS = 25
ME = 900
CHANNEL = 77
KEY = bytes(range(32))
RATE_HZ = 48_000
FRAME_TICKS = 960
FRAMES_PER_S = 50
PAUSE_FRAMES = 60
TICKS_PER_BATCH = 5
"""In a full room, the receiver's thread takes what has come every 100 ms."""

WARM = 6
"""Batches at the start that do not count: tracks are opened, streams begin."""

VOICES = ROOT / "bot" / "rehearsal" / "scenarios" / "voices"


Ticks = Sequence[Sequence[bytes]]
"""Datagrams per 20 ms."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as Opus packets of 20 ms."""

    frames: tuple[bytes, ...]

    begins: int
    """Frame in which speech begins."""


@cache
def lines() -> list[Line]:
    """Return the shipped sentences; raises where there are none."""
    paths = sorted(VOICES.glob("*.opus"))
    if not paths:
        raise FileNotFoundError(f"{VOICES}: no voices; make them with their script")
    found = []
    for path in paths:
        with av.open(str(path)) as sound:
            pcm = [frame.to_ndarray() for frame in sound.decode(audio=0)]
        mono = np.concatenate(pcm, axis=1)[0]
        whole = (mono * 32767 if mono.dtype == np.float32 else mono).astype(np.int16)
        start = spoken(whole, RATE_HZ)[0][0]
        found.append(Line(read_frames(path), round(start * FRAMES_PER_S)))
    return found


def packets_of_opus(seconds: float, speaker: int = 0) -> list[bytes]:
    """Return Opus packets of somebody who talks without a pause."""
    whole = lines()
    start = speaker % len(whole)
    endless = itertools.chain.from_iterable(
        line.frames for line in itertools.cycle(whole[start:] + whole[:start])
    )
    return list(itertools.islice(endless, round(seconds * FRAMES_PER_S)))


def group(members: int) -> tuple[davey.DaveSession, dict[int, DaveMember]]:
    """Return our own session and those of the others, all in one group."""
    delivery = Delivery(CHANNEL)
    everybody = {u: DaveMember(u, CHANNEL) for u in (ME, *range(1, members + 1))}
    queue: deque[Sent] = deque()
    for user_id in everybody:
        queue += delivery.joined(user_id)
    while queue:
        sent = queue.popleft()
        for reply in everybody[sent.user_id].receive(sent):
            queue += answer(delivery, sent.user_id, reply)
    me = everybody.pop(ME)
    if not me.ready:
        raise RuntimeError("the group was not formed")
    return me._session, everybody


def answer(delivery: Delivery, user_id: int, reply: Reply) -> list[Sent]:
    """Return what a member's reply makes the delivery service send."""
    match reply.op, reply.body:
        case Op.KEY_PACKAGE, bytes() as package:
            return delivery.offered(user_id, package)
        case Op.COMMIT_WELCOME, bytes() as commit:
            return delivery.committed(user_id, commit, 0.0)
        case _, {"transition_id": transition_id}:
            return delivery.ready(user_id, transition_id)
    raise ValueError(f"a member sent op {reply.op}")


@dataclass
class Crowd:
    """Everybody's datagrams for a number of seconds, sealed and in order of sending."""

    seconds: float
    pauses: bool = False
    """A pause after each sentence; otherwise everybody talks all the time."""

    session: davey.DaveSession = field(init=False)
    ticks: list[list[bytes]] = field(init=False)
    """Datagrams per 20 ms."""

    bursts: dict[int, list[int]] = field(init=False)
    """User id → ticks at which speech begins."""

    _members: dict[int, DaveMember] = field(init=False)

    def __post_init__(self) -> None:
        """Form the group and seal everything."""
        self.session, self._members = group(SPEAKERS)
        self.say()

    def say(self) -> None:
        """Seal everything anew: a session opens each frame only once."""
        self.bursts = {user_id: [] for user_id in self._members}
        cipher, nonces = rtp.Aes256Gcm(KEY), itertools.count(1)
        count = round(self.seconds * FRAMES_PER_S)
        self.ticks = [[] for _ in range(count)]
        for user_id, member in self._members.items():
            # RFC 3550, 5.1: the sequence counts packets, the timestamp counts time.
            sequence = itertools.count()
            for tick, opus in enumerate(self._speech(user_id, count)):
                if opus is not None:
                    frame = member.encrypt(opus)
                    assert frame is not None
                    stamp = rtp.Stamp(
                        next(sequence), tick * FRAME_TICKS, 1000 + user_id
                    )
                    self.ticks[tick].append(seal(cipher, next(nonces), stamp, frame))

    def _speech(self, user_id: int, count: int) -> Iterator[bytes | None]:
        """Yield one member's frame of each tick, None where none is sent."""
        if not self.pauses:
            yield from packets_of_opus(self.seconds, user_id)
            return
        whole = lines()
        # Everybody starts somewhere else, so that onsets spread over the beats.
        tick = user_id * 7
        yield from [None] * min(tick, count)
        for number in itertools.count(user_id):
            line = whole[number % len(whole)]
            self.bursts[user_id].append(tick + line.begins)
            for opus in (*line.frames, *[SILENCE] * 5, *[None] * PAUSE_FRAMES):
                if tick >= count:
                    return
                yield opus
                tick += 1

    @property
    def opus(self) -> list[bytes]:
        """One speaker's packets of these seconds."""
        return packets_of_opus(self.seconds)

    @property
    def count(self) -> int:
        """How many datagrams there are."""
        return sum(map(len, self.ticks))

    def flat(self) -> Iterator[bytes]:
        """Go through all datagrams."""
        for tick in self.ticks:
            yield from tick


def seal(cipher: rtp.Aes256Gcm, nonce: int, stamp: rtp.Stamp, frame: bytes) -> bytes:
    """Return the datagram of a frame: with extensions, every twentieth with padding."""
    packet = rtp.build(
        stamp,
        frame,
        extension=rtp.level_extension(30, 1 + stamp.sequence % 3),
        padding=7 if stamp.sequence % 20 == 5 else 0,
    )
    tail = struct.pack(">I", nonce)
    return packet.header + cipher.seal(packet.header, packet.plain, tail) + tail


def batches(ticks: Ticks) -> list[list[tuple[int, bytes]]]:
    """Cut into batches; return each datagram with the number of its tick."""
    return [
        [
            (tick, datagram)
            for tick in range(start, min(start + TICKS_PER_BATCH, len(ticks)))
            for datagram in ticks[tick]
        ]
        for start in range(0, len(ticks), TICKS_PER_BATCH)
    ]


def counted(ticks: Ticks) -> int:
    """Return how many datagrams are in the batches that count."""
    return sum(map(len, ticks[WARM * TICKS_PER_BATCH :]))
