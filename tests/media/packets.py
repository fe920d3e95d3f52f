"""Streams of packets for tests: a speaker who sends a frame every 20 ms."""

from media.burst import Burst, bursts
from media.heard import FRAMES_PER_S, SILENCE, VoicePacket
from media.stream import Stretch

SPEECH = b"\x78" + bytes(40)
"""A packet with the TOC of Discord's clients: hybrid, 20 ms, mono."""


def packet(
    index: int,
    *,
    user_id: int = 1,
    ssrc: int = 7,
    sequence: int = 0,
    timestamp: int = 0,
    opus: bytes | None = None,
    level: int | None = None,
    arrived_at: float | None = None,
) -> VoicePacket:
    """Return packet ``index`` of a stream that starts at the given numbers."""
    return VoicePacket(
        user_id,
        ssrc,
        (sequence + index) & 0xFFFF,
        (timestamp + 960 * index) & 0xFFFFFFFF,
        SPEECH + index.to_bytes(4, "big") if opus is None else opus,
        level,
        index / FRAMES_PER_S if arrived_at is None else arrived_at,
    )


def speech(start: int, end: int, **fields) -> list[VoicePacket]:
    """Return packets ``start`` to ``end`` (excluded) of a stream."""
    return [packet(index, **fields) for index in range(start, end)]


def silence(start: int, end: int, **fields) -> list[VoicePacket]:
    """Return silence frames as clients send them when speech ends."""
    return [packet(index, opus=SILENCE, **fields) for index in range(start, end)]


def burst(*packets: VoicePacket) -> Burst:
    """Return packets of one stream together."""
    (one,) = bursts(packets)
    return one


def stretch(slot: int, *packets: VoicePacket) -> Stretch:
    """Return packets in neighbouring slots."""
    return Stretch(
        slot,
        tuple(packet.opus for packet in packets),
        tuple(packet.level_dbov for packet in packets),
        tuple(packet.arrived_at for packet in packets),
    )
