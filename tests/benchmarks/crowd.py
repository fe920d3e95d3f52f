"""Twenty-five people who talk: real Opus, real DAVE, ready-made datagrams.

The sound is a synthetic voice (a buzz with moving formants, in bursts of one second),
so that a benchmark needs no recordings: webrtcvad takes it for speech.
"""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import davey
import discord
import numpy as np

from bot.rehearsal.sfu import rtp
from bot.rehearsal.sfu.delivery import Delivery, Sent
from bot.rehearsal.sfu.member import DaveMember, Reply
from bot.rehearsal.sfu.opcodes import Op

SPEAKERS = 25
ME = 900
CHANNEL = 77
KEY = bytes(range(32))
RATE_HZ = 48_000
FRAME_SAMPLES = 960
BURST_S, PAUSE_S = 1.0, 1.0


def voice(seconds: float, pitch_hz: float) -> np.ndarray:
    """Return int16 mono at 48 kHz: bursts of something like vowels."""
    at = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    buzz = np.zeros_like(at)
    for harmonic in range(1, 30):
        hertz = harmonic * pitch_hz
        formants = sum(
            np.exp(-(((hertz - centre) / 180.0) ** 2)) for centre in (600, 1200, 2600)
        )
        buzz += formants * np.sin(2 * np.pi * hertz * at)
    syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 4.0 * at)
    sound = buzz / np.abs(buzz).max() * syllables * 9000
    noise = np.random.default_rng(1).normal(0, 60, len(at))
    return (sound + noise).astype(np.int16)


def packets_of_opus(seconds: float, pitch_hz: float = 120.0) -> list[bytes]:
    """Return one speaker's Opus packets, 20 ms each, as Discord's clients make them."""
    discord.opus._load_default()
    encoder = discord.opus.Encoder(
        application="voip", bitrate=64, fec=True, expected_packet_loss=0.05
    )
    mono = voice(seconds, pitch_hz)
    stereo = np.repeat(mono, 2).tobytes()
    size = FRAME_SAMPLES * 4
    return [
        encoder.encode(stereo[start : start + size], FRAME_SAMPLES)
        for start in range(0, len(stereo) - size + 1, size)
    ]


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
    body = reply.body
    if reply.op is Op.KEY_PACKAGE:
        return delivery.offered(user_id, bytes(body))
    if reply.op is Op.COMMIT_WELCOME:
        return delivery.committed(user_id, bytes(body), 0.0)
    return delivery.ready(user_id, body["transition_id"])


@dataclass
class Crowd:
    """Everybody's datagrams for a number of seconds, sealed and in order of sending."""

    seconds: float
    pauses: bool = False
    """One second of speech, one of nothing; otherwise everybody talks all the time."""

    session: davey.DaveSession = field(init=False)
    opus: list[bytes] = field(init=False)
    ticks: list[list[bytes]] = field(init=False)
    """Datagrams per 20 ms."""

    bursts: dict[int, list[int]] = field(init=False)
    """User id → ticks at which a burst begins."""

    def __post_init__(self) -> None:
        """Form the group and seal everything."""
        self.session, members = group(SPEAKERS)
        self.opus = packets_of_opus(self.seconds)
        self.bursts = {user_id: [] for user_id in members}
        cipher = rtp.Aes256Gcm(KEY)
        nonces = iter(range(1, 1 << 32))
        self.ticks = []
        for tick, opus in enumerate(self.opus):
            self.ticks.append(
                [
                    self._datagram(cipher, next(nonces), user_id, member, tick, opus)
                    for user_id, member in members.items()
                    if self._speaks(user_id, tick)
                ]
            )

    def _speaks(self, user_id: int, tick: int) -> bool:
        if not self.pauses:
            return True
        # Everybody starts somewhere else, so that onsets spread over the beat.
        length = round((BURST_S + PAUSE_S) * 50)
        at = (tick - user_id * 3) % length
        if at == 0:
            self.bursts[user_id].append(tick)
        return at < round(BURST_S * 50)

    @staticmethod
    def _datagram(
        cipher: rtp.Aes256Gcm,
        nonce: int,
        user_id: int,
        member: DaveMember,
        tick: int,
        opus: bytes,
    ) -> bytes:
        frame = member.encrypt(opus)
        assert frame is not None
        packet = rtp.build(
            rtp.Stamp(tick, tick * FRAME_SAMPLES, 1000 + user_id),
            frame,
            extension=rtp.level_extension(30, 1 + tick % 3),
            padding=7 if tick % 20 == 5 else 0,
        )
        tail = struct.pack(">I", nonce)
        return packet.header + cipher.seal(packet.header, packet.plain, tail) + tail

    @property
    def count(self) -> int:
        """How many datagrams there are."""
        return sum(map(len, self.ticks))

    def flat(self) -> Iterator[bytes]:
        """Go through all datagrams."""
        for tick in self.ticks:
            yield from tick
