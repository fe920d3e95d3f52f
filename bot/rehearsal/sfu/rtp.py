"""RTP packets as Discord sends and takes them: built, sealed, opened.

A datagram is ``header | ciphertext | nonce``: the header (with the four clear bytes of
a header extension) is the associated data, the ciphertext holds extension body, payload
and padding, the nonce is the last four bytes. RFC 3550 names the fields, RFC 8285 the
extension elements; "rtpsize" modes are described on Discord's "Voice Connections" page.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Protocol

import nacl.bindings
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError

from bot.rehearsal.sfu.errors import RtpError

OPUS = 120  # payload type
SILENCE = b"\xf8\xff\xfe"  # an Opus frame of silence; never encrypted end to end
FRAME_TICKS = 960  # 20 ms at 48 kHz
AUDIO_LEVEL = 1  # extension element id (RFC 6464)
_FIXED = struct.Struct(">BBHII")
_VERSION_2, _PADDING, _EXTENSION = 0x80, 0x20, 0x10
_ONE_BYTE_ELEMENTS = 0xBEDE
_TAG_AND_NONCE = 16 + 4


class Cipher(Protocol):
    """Transport encryption of one client session."""

    def seal(self, header: bytes, plain: bytes, nonce: bytes) -> bytes:
        """Encrypt ``plain``; ``nonce`` is the 4 bytes that end the datagram."""

    def open(self, header: bytes, sealed: bytes, nonce: bytes) -> bytes:
        """Decrypt ``sealed`` or raise RtpError."""


class Aes256Gcm:
    """aead_aes256_gcm_rtpsize."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, header: bytes, plain: bytes, nonce: bytes) -> bytes:
        """Encrypt ``plain``."""
        return self._cipher.encrypt(nonce + bytes(8), plain, header)

    def open(self, header: bytes, sealed: bytes, nonce: bytes) -> bytes:
        """Decrypt ``sealed`` or raise RtpError."""
        try:
            return self._cipher.decrypt(nonce + bytes(8), sealed, header)
        except InvalidTag as error:
            raise RtpError("the packet is not encrypted with this key") from error


class XChaCha20Poly1305:
    """aead_xchacha20_poly1305_rtpsize."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, header: bytes, plain: bytes, nonce: bytes) -> bytes:
        """Encrypt ``plain``."""
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plain, header, nonce + bytes(20), self._key
        )

    def open(self, header: bytes, sealed: bytes, nonce: bytes) -> bytes:
        """Decrypt ``sealed`` or raise RtpError."""
        try:
            return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed, header, nonce + bytes(20), self._key
            )
        except CryptoError as error:
            raise RtpError("the packet is not encrypted with this key") from error


# In the order in which the gateway offers them.
CIPHERS: dict[str, type[Aes256Gcm] | type[XChaCha20Poly1305]] = {
    "aead_aes256_gcm_rtpsize": Aes256Gcm,
    "aead_xchacha20_poly1305_rtpsize": XChaCha20Poly1305,
}


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet before transport encryption, the same for every client."""

    header: bytes
    """The part that stays clear."""
    plain: bytes
    """Extension body, payload, padding."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One packet that a client sent, decrypted."""

    sequence: int
    timestamp: int
    """RTP clock, 48 kHz."""
    ssrc: int
    payload: bytes
    """The DAVE frame or the Opus packet."""
    nonce: int = 0
    """What it was sealed with."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a packet stands in its stream."""

    sequence: int
    timestamp: int
    ssrc: int


def build(
    stamp: Stamp, payload: bytes, *, extension: bytes | None = None, padding: int = 0
) -> Packet:
    """Build an Opus packet.

    ``extension``: the elements, a multiple of 4 bytes, b"" for an empty extension, None
    for none. ``padding``: bytes of padding including the count byte, 0 for none.
    """
    flags = _VERSION_2
    clear = b""
    if extension is not None:
        flags |= _EXTENSION
        clear = struct.pack(">HH", _ONE_BYTE_ELEMENTS, len(extension) // 4)
    tail = b""
    if padding:
        flags |= _PADDING
        tail = bytes(padding - 1) + bytes([padding])
    header = _FIXED.pack(
        flags, OPUS, stamp.sequence & 0xFFFF, stamp.timestamp & 0xFFFF_FFFF, stamp.ssrc
    )
    return Packet(header + clear, (extension or b"") + payload + tail)


def level_extension(level_dbov: int, words: int) -> bytes:
    """Elements of ``words`` 32-bit words: the audio level, then others and padding.

    ``level_dbov``: 0 (loudest) to 127 (silence), the top bit says that it is voice.
    """
    elements = bytes([AUDIO_LEVEL << 4, 0x80 | (level_dbov & 0x7F)])
    if words > 1:  # a 3-byte element of an id that no receiver has to know
        elements += bytes([5 << 4 | 2, 0x11, 0x22, 0x33])
    return elements.ljust(4 * words, b"\x00")


def open_packet(cipher: Cipher, datagram: bytes) -> Opened:
    """Decrypt a client's audio packet and strip extension and padding.

    Raises RtpError for anything that is not an Opus packet under this key.
    """
    if len(datagram) < _FIXED.size + _TAG_AND_NONCE or datagram[0] >> 6 != 2:
        raise RtpError("the datagram is no RTP packet")
    flags, kind, sequence, timestamp, ssrc = _FIXED.unpack_from(datagram)
    if kind & 0x7F != OPUS:
        raise RtpError(f"payload type {kind & 0x7F} is not audio")
    size = _FIXED.size + 4 * (flags & 0x0F)
    body = 0
    if flags & _EXTENSION:
        if len(datagram) < size + 4 + _TAG_AND_NONCE:
            raise RtpError("the header extension is cut off")
        (words,) = struct.unpack_from(">H", datagram, size + 2)
        body, size = 4 * words, size + 4
    plain = cipher.open(datagram[:size], datagram[size:-4], datagram[-4:])
    if flags & _PADDING:
        if not plain or not 0 < plain[-1] <= len(plain) - body:
            raise RtpError("the padding is longer than the packet")
        plain = plain[: -plain[-1]]
    if body > len(plain):
        raise RtpError("the header extension is longer than the packet")
    nonce = int.from_bytes(datagram[-4:], "big")
    return Opened(sequence, timestamp, ssrc, plain[body:], nonce)
