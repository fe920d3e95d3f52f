"""RTP headers as Discord sends them: what a datagram is, and what is in it.

Parsing has two halves, because Discord encrypts from the extension's body on:

    parse(datagram)         before transport decryption: header, or why it is ignored
    unwrap(header, plain)   after it: padding off, extension off, Opus and level left
    read(datagram, …)       both, and the decryption between them
    read_usual(datagrams, …)  the same for many at once, if all are what Discord's
                            clients send

Every datagram gets a typed outcome and none raises. RTCP, video, IP discovery and
keepalive echoes are ``Ignored``. Ticks are RTP timestamp units, 48,000 per second.
Vocabulary of RFC 3550, 5285 (extensions), 6464 (audio level).
"""

from collections.abc import Callable, Sequence
from enum import Enum
from struct import Struct
from typing import NamedTuple

PAYLOAD_TYPE = 120
"""Opus on Discord; video and its retransmissions have other types."""

TRANSPORT_BYTES = 20
"""What both ``*_rtpsize`` ciphers add after the payload: 16 of tag, 4 of nonce."""

SSRC = slice(8, 12)
"""Where a datagram says whose stream it belongs to (RFC 3550, 5.1)."""

_FIXED = Struct(">BBHII").unpack_from
_WORD = Struct(">H").unpack_from
_FIXED_BYTES = 12
_USUAL = Struct(">HHIIHH").unpack_from
_USUAL_BYTES = 16
_PADDED = 0x2000
_USUAL_HEADS = frozenset(
    0x9000 | padded | marker | PAYLOAD_TYPE
    for padded in (0, _PADDED)
    for marker in (0, 0x80)
)
"""Version 2 with an extension, without CSRCs; with padding and marker or without."""

_LEVEL_FIRST = 0x10
"""One-byte element 1 of one byte: where Discord's clients put the level."""

_LEVEL_ID = 1
_ONE_BYTE = 0xBEDE
_ONE_BYTE_ONLY = frozenset((_ONE_BYTE,))
_TWO_BYTE = 0x1000


class Ignored(Enum):
    """Why a datagram carries no voice for us."""

    SHORT = "short"
    """Shorter than a header and what the cipher adds: discovery, keepalive echo."""
    VERSION = "version"
    """Not RTP version 2."""
    PAYLOAD_TYPE = "payload_type"
    """RTCP, video, or a type that is not Opus."""
    EXTENSION = "extension"
    """The header extension claims more bytes than there are."""
    PADDING = "padding"
    """The padding count is impossible."""
    TRANSPORT = "transport"
    """Encrypted with another key, or not by the voice server."""
    EMPTY = "empty"
    """Nothing but padding and extension: a probe of the server."""


class Header(NamedTuple):
    """The clear part of a voice packet."""

    sequence: int
    """16 bits."""
    timestamp: int
    """32 bits, in ticks."""
    ssrc: int
    padded: bool
    """The decrypted payload ends in padding."""
    clear_bytes: int
    """Bytes before the ciphertext, the extension's 4-byte preamble included."""
    extension_bytes: int
    """Bytes of extension body at the front of the decrypted payload."""
    profile: int
    """The extension's profile word; 0 without extension."""


class Content(NamedTuple):
    """The decrypted part of a voice packet."""

    frame: bytes
    """The media frame: Opus, or a DAVE frame that holds Opus; never empty."""
    level_dbov: int | None
    """Audio level, 0 to -127 dBov (RFC 6464); None when the packet does not say."""


class Packet(NamedTuple):
    """One packet after transport decryption; its frame may be a DAVE frame."""

    ssrc: int
    sequence: int
    timestamp: int
    frame: bytes
    level_dbov: int | None
    arrived_at: float
    """Seconds of the Space."""


class Packets(NamedTuple):
    """Packets of one stream after transport decryption, in columns equally long."""

    sequences: tuple[int, ...]
    timestamps: tuple[int, ...]
    frames: list[bytes]
    levels_dbov: list[int]


def read(
    datagram: bytes, arrived_at: float, decrypt: Callable[[bytes, int], bytes]
) -> Packet | Ignored:
    """Parse, decrypt and unwrap one datagram.

    ``decrypt`` takes the datagram and how many of its bytes are clear; what it raises
    is passed on.
    """
    header = parse(datagram)
    if isinstance(header, Ignored):
        return header
    content = unwrap(header, decrypt(datagram, header.clear_bytes))
    if isinstance(content, Ignored):
        return content
    return Packet(header.ssrc, header.sequence, header.timestamp, *content, arrived_at)


def read_usual(
    datagrams: Sequence[bytes],
    decrypt: Callable[[Sequence[bytes], int], list[bytes]],
) -> Packets | None:
    """Parse, decrypt and unwrap datagrams of one SSRC, as ``read`` does one by one.

    None where one of them is not as Discord's clients send it: version 2, no CSRCs, an
    extension of one-byte elements of which the level is the first, Opus behind it.
    ``decrypt`` does to many what that of ``read`` does to one.
    """
    if min(map(len, datagrams)) <= TRANSPORT_BYTES + _USUAL_BYTES:
        return None
    heads, sequences, timestamps, _, profiles, words = zip(
        *map(_USUAL, datagrams), strict=True
    )
    if not _USUAL_HEADS.issuperset(heads) or not _ONE_BYTE_ONLY.issuperset(profiles):
        return None
    frames: list[bytes] = []
    levels: list[int] = []
    plains = decrypt(datagrams, _USUAL_BYTES)
    for head, size, plain in zip(heads, words, plains, strict=True):
        start = 4 * size
        # More padding than there is, or none where some is announced, leaves nothing.
        end = (-plain[-1] or start) if head & _PADDED else None
        frame = plain[start:end]
        if not (size and frame) or plain[0] != _LEVEL_FIRST:
            return None
        frames.append(frame)
        levels.append(-(plain[1] & 0x7F))
    return Packets(sequences, timestamps, frames, levels)


def parse(datagram: bytes, trailer_bytes: int = TRANSPORT_BYTES) -> Header | Ignored:
    """Read the clear header of one datagram.

    ``trailer_bytes`` is what the transport cipher adds: the least that must follow.
    """
    size = len(datagram) - trailer_bytes
    if size < _FIXED_BYTES:
        return Ignored.SHORT
    flags, kind, sequence, timestamp, ssrc = _FIXED(datagram)
    if flags >> 6 != 2:
        return Ignored.VERSION
    if kind & 0x7F != PAYLOAD_TYPE:
        return Ignored.PAYLOAD_TYPE
    clear = _FIXED_BYTES + 4 * (flags & 0x0F)
    if not flags & 0x10:
        if size < clear:
            return Ignored.SHORT
        return Header(sequence, timestamp, ssrc, bool(flags & 0x20), clear, 0, 0)
    clear += 4
    if size < clear:
        return Ignored.SHORT
    body = 4 * _WORD(datagram, clear - 2)[0]
    if size < clear + body:
        return Ignored.EXTENSION
    profile = _WORD(datagram, clear - 4)[0]
    return Header(sequence, timestamp, ssrc, bool(flags & 0x20), clear, body, profile)


def unwrap(header: Header, plain: bytes) -> Content | Ignored:
    """Take padding and extension off the decrypted payload of ``header``'s packet.

    Padding goes first and before DAVE: its count byte is inside the encryption.
    """
    _, _, _, padded, _, extension, profile = header
    end = len(plain)
    if end < extension:
        return Ignored.EXTENSION
    if padded:
        if end == extension:
            return Ignored.PADDING
        count = plain[-1]
        if count == 0 or count > end - extension:
            return Ignored.PADDING
        end -= count
    if end == extension:
        return Ignored.EMPTY
    level = None
    if extension:
        level = _level(plain[:extension], profile)
    return Content(plain[extension:end], level)


def _level(body: bytes, profile: int) -> int | None:
    """Find the audio level among the elements of an extension (RFC 5285 4.2, 4.3)."""
    if profile == _ONE_BYTE:
        one_byte = True
    elif profile & 0xFFF0 == _TWO_BYTE:
        one_byte = False
    else:
        return None
    at, end = 0, len(body)
    while at < end:
        first = body[at]
        if first == 0:  # padding between elements
            at += 1
            continue
        if one_byte:
            name, size, at = first >> 4, (first & 0x0F) + 1, at + 1
            if name == 15:  # reserved: stop reading
                return None
        elif at + 1 < end:
            name, size, at = first, body[at + 1], at + 2
        else:
            return None
        if name == _LEVEL_ID and size and at < end:
            return -(body[at] & 0x7F)
        at += size
    return None
