"""Ogg Opus, written and read as bytes: pages, CRC, headers, repair.

Rules: a packet never spans pages; every page carries the granule of its last packet's
end (48 kHz ticks, RFC 7845); pre-skip is 0, so that sample 0 of a track is the Space's
recording zero; a file needs no end page to be whole up to its last page. Reading never
raises on bad bytes: a damaged page is ``Torn`` and reading goes on behind it.

Vocabulary of RFC 3533 (Ogg) and RFC 7845 (Ogg Opus).
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import Struct

FIRST = 0x02
"""Page flag: beginning of stream."""

CONTINUED = 0x01
"""Page flag: the first packet began on the page before."""

MAX_SEGMENTS = 255
"""Lacing values that fit a page."""

_CAPTURE = b"OggS"
_PAGE = Struct("<4sBBqIIIB")
_CRC_AT = 22
_CRC = Struct("<I")
_HEAD = Struct("<8sBBHIhB")
_LENGTH = Struct("<I")
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Page:
    """One page with a good checksum."""

    offset: int
    """Bytes from the start of what was read."""
    size: int
    """Bytes of the page, header included."""
    flags: int
    granule: int
    """48 kHz ticks at the end of the page's last packet; -1: none ends here."""
    serial: int
    sequence: int
    packets: tuple[bytes, ...]
    """Whole packets; one that goes on in the next page is not among them."""


@dataclass(frozen=True, slots=True)
class Torn:
    """Bytes that are no page: a write cut short, or damage."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Head:
    """The identification header of an Opus stream (RFC 7845 section 5.1)."""

    channels: int
    pre_skip: int
    """48 kHz ticks to drop from the start."""
    gain: int
    """Output gain in 1/256 dB, applied by every player."""


@dataclass(frozen=True, slots=True)
class NotOpus:
    """A packet that is no identification header."""


def crc(data: bytes | bytearray) -> int:
    """Return Ogg's CRC-32 of ``data``: zlib's polynomial, bits not reflected.

    zlib runs it at the speed of C once every byte, and the result, are mirrored.
    """
    mirrored = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_REVERSED), "big")


def page(
    serial: int, sequence: int, granule: int, packets: Sequence[bytes], flags: int = 0
) -> bytes:
    """Return one page of whole packets; their segments must not exceed 255."""
    sizes = list(map(len, packets))
    lacing = bytes(sizes) if max(sizes, default=0) < 255 else _lacing(sizes)
    head = _PAGE.pack(_CAPTURE, 0, flags, granule, serial, sequence, 0, len(lacing))
    return sealed(bytearray(b"".join((head, lacing, *packets))))


def repeated(
    serial: int, sequence: int, granules: Sequence[int], packet: bytes, count: int
) -> bytes:
    """Return pages that hold nothing but ``count`` times the same small packet each.

    ``granules``: of each page, in order; ``sequence`` is the first one's.
    """
    body = bytes((len(packet),)) * count + packet * count
    heads = (
        _PAGE.pack(_CAPTURE, 0, 0, granule, serial, number, 0, count)
        for number, granule in enumerate(granules, sequence)
    )
    return b"".join(sealed(bytearray(head + body)) for head in heads)


def sealed(page: bytearray) -> bytes:
    """Return a page with the checksum that its bytes have."""
    _CRC.pack_into(page, _CRC_AT, 0)
    _CRC.pack_into(page, _CRC_AT, crc(page))
    return bytes(page)


def _lacing(sizes: Iterable[int]) -> bytes:
    """Return a page's lacing values for packets of these sizes."""
    lacing = bytearray()
    for size in sizes:
        whole, rest = divmod(size, 255)
        lacing += b"\xff" * whole
        lacing.append(rest)
    return bytes(lacing)


def segments(packet: bytes) -> int:
    """Return how many of a page's 255 lacing values a packet takes."""
    return len(packet) // 255 + 1


def head(channels: int, gain: int = 0) -> bytes:
    """Return the OpusHead packet of a stream at 48 kHz without pre-skip."""
    return _HEAD.pack(b"OpusHead", 1, channels, 0, 48_000, gain, 0)


def tags(comments: Sequence[str] = ()) -> bytes:
    """Return the OpusTags packet; ``comments`` are ``NAME=value``."""
    out = bytearray(b"OpusTags")
    for text in ("tertulia", *comments):
        raw = text.encode()
        out += _LENGTH.pack(len(raw)) + raw
        if text == "tertulia":
            out += _LENGTH.pack(len(comments))
    return bytes(out)


def read_head(packet: bytes) -> Head | NotOpus:
    """Read an OpusHead packet."""
    if len(packet) < _HEAD.size or not packet.startswith(b"OpusHead"):
        return NotOpus()
    _, version, channels, pre_skip, _, gain, _ = _HEAD.unpack_from(packet)
    if version >> 4 or not channels:
        return NotOpus()
    return Head(channels, pre_skip, gain)


def pages(data: bytes) -> Iterator[Page | Torn]:
    """Yield the pages of ``data`` in order, and what lies between them as ``Torn``."""
    at, torn_from = 0, 0
    while (at := data.find(_CAPTURE, at)) >= 0:
        found = _page_at(data, at)
        if isinstance(found, Torn):
            at += 1
            continue
        if torn_from < at:
            yield Torn(torn_from, at - torn_from)
        yield found
        at = torn_from = at + found.size
    if torn_from < len(data):
        yield Torn(torn_from, len(data) - torn_from)


def last_page(data: bytes, serial: int) -> Page | Torn:
    """Return the last good page of stream ``serial``; Torn(0, all) if there is none.

    Looks from the end, so the tail of a long file is enough.
    """
    at = len(data)
    while (at := data.rfind(_CAPTURE, 0, at + 3)) >= 0:
        found = _page_at(data, at)
        if isinstance(found, Page) and found.serial == serial:
            return found
    return Torn(0, len(data))


def _page_at(data: bytes, at: int) -> Page | Torn:
    """Read the page that begins at ``at``."""
    start = at + _PAGE.size
    if start > len(data):
        return Torn(at, len(data) - at)
    _, version, flags, granule, serial, sequence, checksum, count = _PAGE.unpack_from(
        data, at
    )
    lacing = data[start : start + count]
    end = start + count + sum(lacing)
    if version or len(lacing) < count or end > len(data):
        return Torn(at, len(data) - at)
    raw = data[at : at + _CRC_AT] + bytes(4) + data[at + _CRC_AT + 4 : end]
    if crc(raw) != checksum:
        return Torn(at, end - at)
    packets = tuple(_packets(data, start + count, lacing, bool(flags & CONTINUED)))
    return Page(at, end - at, flags, granule, serial, sequence, packets)


def _packets(data: bytes, at: int, lacing: bytes, continued: bool) -> Iterator[bytes]:
    """Yield the whole packets of a page whose body begins at ``at``."""
    size = 0
    for value in lacing:
        size += value
        if value < 255:
            if not continued:
                yield data[at : at + size]
            continued = False
            at += size
            size = 0
