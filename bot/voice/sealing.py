"""Our own packets, made: RTP header, then transport encryption (``transport``).

Rules:

1. A nonce is never used twice with a key: AES-GCM would give the key away. So the
   counter belongs to the link, not to the key, and never goes back.
2. Sequence numbers count packets; timestamps say when a packet's sound was due, also
   over pauses (RFC 3550, 5.1).
"""

import struct
from typing import Protocol

import nacl.bindings
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.voice.errors import NoCommonMode
from bot.voice.transport import AES_GCM, NONCE_BYTES, XCHACHA

VERSION_2 = 0x80
OPUS = 120
"""Payload type."""

HEADER = struct.Struct(">BBHII")


class Sealer(Protocol):
    """Seals packets with one key."""

    def seal(self, header: bytes, plain: bytes, nonce: int) -> bytes:
        """Return the whole datagram; ``nonce`` was never used with this key.

        Raises OverflowError for a nonce of more than 32 bits: after 2.7 years of
        sound, a link has to end.
        """


class AesGcmSealer:
    """``aead_aes256_gcm_rtpsize``."""

    def __init__(self, key: bytes) -> None:
        self._encrypt = AESGCM(key).encrypt

    def seal(self, header: bytes, plain: bytes, nonce: int) -> bytes:
        """Return the whole datagram."""
        tail = nonce.to_bytes(NONCE_BYTES, "big")
        return header + self._encrypt(tail + bytes(8), plain, header) + tail


class XChaChaSealer:
    """``aead_xchacha20_poly1305_rtpsize``."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, header: bytes, plain: bytes, nonce: int) -> bytes:
        """Return the whole datagram."""
        tail = nonce.to_bytes(NONCE_BYTES, "big")
        sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plain, header, tail + bytes(20), self._key
        )
        return header + sealed + tail


def sealer(mode: str, key: bytes) -> Sealer:
    """Return what seals packets of ``mode`` with a 32-byte key; raise NoCommonMode."""
    if mode == AES_GCM:
        return AesGcmSealer(key)
    if mode == XCHACHA:
        return XChaChaSealer(key)
    raise NoCommonMode(f"{mode} is no transport encryption this sender knows")


def header(sequence: int, timestamp: int, ssrc: int) -> bytes:
    """Return the RTP header of an Opus packet; counters wrap around here."""
    return HEADER.pack(
        VERSION_2, OPUS, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, ssrc
    )
