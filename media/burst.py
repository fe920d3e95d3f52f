"""Packets of one stream that are handed on together, in columns.

A full room has 1,250 packets a second, and nearly all of them are what was expected:
the next number, the next 20 ms. In columns that is one comparison for many packets;
where it does not hold, ``packets`` gives them one by one.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, repeat
from typing import NamedTuple

from media.heard import VoicePacket

_new = tuple.__new__  # makes a named tuple at half the cost of calling its class


class Burst(NamedTuple):
    """At least one packet, in order of arrival; what a packet has in ``VoicePacket``.

    All columns are equally long.
    """

    user_id: int
    ssrc: int
    sequences: tuple[int, ...]
    timestamps: tuple[int, ...]
    opus: Sequence[bytes]
    levels_dbov: Sequence[int | None]
    arrivals: Sequence[float]

    def packets(self) -> list[VoicePacket]:
        """Return the packets one by one."""
        user_id, ssrc, *columns = self
        rows = zip(repeat(user_id), repeat(ssrc), *columns, strict=False)
        return [_new(VoicePacket, row) for row in rows]


def bursts(packets: Iterable[VoicePacket]) -> list[Burst]:
    """Return packets of anybody as bursts; the order of each member's stays."""
    streams: dict[int, list[VoicePacket]] = {}
    for packet in packets:
        streams.setdefault(packet.user_id, []).append(packet)
    return [
        _burst(user_id, ssrc, list(group))
        for user_id, theirs in streams.items()
        for ssrc, group in groupby(theirs, lambda packet: packet.ssrc)
    ]


def _burst(user_id: int, ssrc: int, packets: Sequence[VoicePacket]) -> Burst:
    _, _, sequences, timestamps, opus, levels, arrivals = zip(*packets, strict=True)
    return Burst(user_id, ssrc, sequences, timestamps, opus, levels, arrivals)
