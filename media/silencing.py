"""Silence in place of sound in a track that is written already, byte for byte. Pure.

Rule 1: what is put over a packet has its size and its duration, so no other byte of
the file moves, and whoever reads it meanwhile goes on.
Rule 2: nothing of the sound is left between the seconds that are to be silent: a packet
that touches them goes whole, damage between pages too, and the packet behind, which may
carry a copy of the one before it (RFC 6716 section 2.1.7).

A packet longer than a silence frame is filled up by Opus padding (RFC 6716 section
3.2.5).
"""

import math
from collections.abc import Iterator, Sequence

from media import ogg
from media.heard import FRAMES_PER_S, SILENCE
from media.intervals import Interval
from media.toc import TICKS_PER_FRAME, frames_of

_FRAME = SILENCE[1:]
"""A silent CELT frame without its TOC byte."""

_CODE_3 = SILENCE[0] | 3
_PADDED = 0x40
_HEADER = 27
_COUNT_AT = 26


def silenced(track: bytes, spans: Sequence[Interval]) -> Iterator[tuple[int, bytes]]:
    """Yield what to write over ``track``, and where, so that ``spans`` are silent.

    Spans are seconds of the track.
    """
    slots = [
        (math.floor(start * FRAMES_PER_S), math.ceil(end * FRAMES_PER_S) + 1)
        for start, end in spans
    ]
    at, torn = 0, list[ogg.Torn]()
    for found in ogg.pages(track):
        if isinstance(found, ogg.Torn):
            torn.append(found)
            continue
        if found.granule <= 0:  # headers, and what ends nowhere
            continue
        frames = [frames_of(packet) for packet in found.packets]
        end = found.granule // TICKS_PER_FRAME
        start = max(at, end - sum(frames))
        yield from _cleared(torn, _touch(slots, at, start))
        torn, at = [], end
        if _touch(slots, start, end):
            raw = track[found.offset : found.offset + found.size]
            yield found.offset, _page(raw, start, slots)
    yield from _cleared(torn, _touch(slots, at, math.inf))


def silence(size: int, frames: int) -> bytes:
    """Return a packet of ``size`` bytes that is silent for ``frames`` of 20 ms."""
    if size == 1:
        return SILENCE[:1]
    if (size, frames) == (len(SILENCE), 1):
        return SILENCE
    left = size - 2
    body = _FRAME * frames
    if len(body) > left:
        body = b""  # a frame of no bytes: nothing was sent
    left -= len(body)
    if not left:
        return bytes((_CODE_3, frames)) + body
    # Each 255 stands for 254 bytes and says that another length follows.
    more = (left - 1) // 255
    lengths = b"\xff" * more + bytes((left - 1 - 255 * more,))
    padding = left - len(lengths)
    return bytes((_CODE_3, _PADDED | frames)) + lengths + body + bytes(padding)


def _page(raw: bytes, at: int, slots: Sequence[tuple[int, int]]) -> bytes:
    """Return a page with silence in place of the packets that ``slots`` touch.

    ``at`` is the slot that its first whole packet begins at. The rest of a packet that
    began on the page before, which our own tracks never have, is cleared.
    """
    page = bytearray(raw)
    count = page[_COUNT_AT]
    lacing = page[_HEADER : _HEADER + count]
    start = _HEADER + count
    inside = bool(page[5] & ogg.CONTINUED)
    size = 0
    goes_on = lacing[-1:] == b"\xff"
    for value in lacing + bytes(goes_on):
        size += value
        if value == 255:
            continue
        packet = bytes(page[start : start + size])
        frames = 0 if inside else frames_of(packet)
        if inside:
            page[start : start + size] = bytes(size)
        elif packet and _touch(slots, at, at + max(1, frames)):
            page[start : start + size] = silence(size, max(1, frames))
        at, start, size, inside = at + frames, start + size, 0, False
    return ogg.sealed(page)


def _cleared(torn: Sequence[ogg.Torn], hit: bool) -> Iterator[tuple[int, bytes]]:
    if hit:
        yield from ((one.offset, bytes(one.size)) for one in torn)


def _touch(slots: Sequence[tuple[int, int]], start: float, end: float) -> bool:
    return any(start < until and end > since for since, until in slots)
