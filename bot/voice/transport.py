"""Transport encryption: the two ``rtpsize`` AEAD modes of Discord voice.

Both authenticate the clear RTP header (fixed header, CSRCs, and the four bytes that
announce a header extension) and encrypt the rest. The nonce is the last four bytes
of the datagram, padded with zeros on the right.
Source: Discord, "Voice Connections", transport encryption modes.

Rules:

1. A mode is picked by our preference, not by the server's order.
2. Opening a packet never lets go of the GIL: at 1,250 packets a second, each release
   could cost one switch interval (5 ms) beside a busy Python thread. That is why
   XChaCha20 calls libsodium by ``PyDLL`` and not by cffi as PyNaCl does.
"""

import ctypes
import importlib.util
from collections.abc import Callable, Sequence
from typing import Protocol

import nacl.bindings
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError

from bot.voice.errors import NoCommonMode

AES_GCM = "aead_aes256_gcm_rtpsize"
XCHACHA = "aead_xchacha20_poly1305_rtpsize"

MODES = (AES_GCM, XCHACHA)
"""Transport modes, best first: AES-GCM costs a sixth where the CPU has AES."""

NONCE_BYTES = 4
"""Bytes of the nonce at the end of each datagram."""

LARGEST_DATAGRAM = 2048
"""Bytes; Discord's voice datagrams stay below the usual 1,500 of a network."""


class TransportRefused(Exception):  # noqa: N818 (a packet's fate, not a programming error)
    """The tag does not fit: another key, or not from the voice server."""


class Cipher(Protocol):
    """Opens datagrams of one connection."""

    def open(self, datagram: bytes, header: int) -> bytes:
        """Return what follows ``header`` bytes; raise TransportRefused."""

    def open_all(self, datagrams: Sequence[bytes], header: int) -> list[bytes]:
        """Do that to many; raise TransportRefused if one of them is refused."""


class AesGcm:
    """``aead_aes256_gcm_rtpsize``."""

    _pad = bytes(12 - NONCE_BYTES)

    def __init__(self, key: bytes) -> None:
        self._decrypt = AESGCM(key).decrypt

    def open(self, datagram: bytes, header: int) -> bytes:
        """Return what follows ``header`` bytes; raise TransportRefused."""
        end = len(datagram) - NONCE_BYTES
        try:
            return self._decrypt(
                datagram[end:] + self._pad, datagram[header:end], datagram[:header]
            )
        except InvalidTag:
            raise TransportRefused from None

    def open_all(self, datagrams: Sequence[bytes], header: int) -> list[bytes]:
        """Do that to many; raise TransportRefused if one of them is refused."""
        decrypt, pad = self._decrypt, self._pad
        try:
            return [
                decrypt(
                    datagram[-NONCE_BYTES:] + pad,
                    datagram[header:-NONCE_BYTES],
                    datagram[:header],
                )
                for datagram in datagrams
            ]
        except InvalidTag:
            raise TransportRefused from None


class XChaCha:
    """``aead_xchacha20_poly1305_rtpsize``, by the libsodium inside PyNaCl."""

    _pad = bytes(24 - NONCE_BYTES)

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._plain = (ctypes.c_ubyte * LARGEST_DATAGRAM)()
        self._view = memoryview(self._plain)
        self._length = ctypes.c_ulonglong()
        self._length_at = ctypes.byref(self._length)
        self._decrypt = sodium_decrypt()

    def open(self, datagram: bytes, header: int) -> bytes:
        """Return what follows ``header`` bytes; raise TransportRefused."""
        sealed = datagram[header:-NONCE_BYTES]
        if len(sealed) > LARGEST_DATAGRAM:
            raise TransportRefused
        refused = self._decrypt(
            self._plain,
            self._length_at,
            None,
            sealed,
            len(sealed),
            datagram,
            header,
            datagram[-NONCE_BYTES:] + self._pad,
            self._key,
        )
        if refused:
            raise TransportRefused
        return self._view[: self._length.value].tobytes()

    def open_all(self, datagrams: Sequence[bytes], header: int) -> list[bytes]:
        """Do that to many; raise TransportRefused if one of them is refused."""
        return [self.open(datagram, header) for datagram in datagrams]


class CffiXChaCha:
    """The same through PyNaCl's own binding, where its library hides the symbol."""

    _pad = bytes(24 - NONCE_BYTES)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def open(self, datagram: bytes, header: int) -> bytes:
        """Return what follows ``header`` bytes; raise TransportRefused."""
        try:
            return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                datagram[header:-NONCE_BYTES],
                datagram[:header],
                datagram[-NONCE_BYTES:] + self._pad,
                self._key,
            )
        except CryptoError:
            raise TransportRefused from None

    def open_all(self, datagrams: Sequence[bytes], header: int) -> list[bytes]:
        """Do that to many; raise TransportRefused if one of them is refused."""
        return [self.open(datagram, header) for datagram in datagrams]


def pick(offered: Sequence[str]) -> str:
    """Return our best mode of those offered; raise NoCommonMode."""
    for mode in MODES:
        if mode in offered:
            return mode
    raise NoCommonMode(
        f"the voice server offers {', '.join(offered) or 'nothing'}; "
        f"this receiver knows {', '.join(MODES)}"
    )


def cipher(mode: str, key: bytes) -> Cipher:
    """Return what opens datagrams of ``mode`` with a 32-byte key.

    Raises NoCommonMode.
    """
    if mode == AES_GCM:
        return AesGcm(key)
    if mode == XCHACHA:
        return XChaCha(key) if SODIUM is not None else CffiXChaCha(key)
    raise NoCommonMode(f"{mode} is no transport encryption this receiver knows")


def _load_sodium() -> ctypes.PyDLL | None:
    """Open the libsodium that PyNaCl carries, if it shows the function."""
    found = importlib.util.find_spec("nacl._sodium")
    if found is None or found.origin is None:
        return None
    try:
        library = ctypes.PyDLL(found.origin)
        decrypt = library.crypto_aead_xchacha20poly1305_ietf_decrypt
    except (OSError, AttributeError):
        return None
    decrypt.restype = ctypes.c_int
    decrypt.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_ulonglong,
        ctypes.c_char_p,
        ctypes.c_ulonglong,
        ctypes.c_char_p,
        ctypes.c_char_p,
    ]
    return library


SODIUM = _load_sodium()


def sodium_decrypt() -> Callable[..., int]:
    """Return libsodium's XChaCha20-Poly1305 as a C function."""
    if SODIUM is None:
        raise NoCommonMode("PyNaCl's libsodium does not show XChaCha20-Poly1305")
    return SODIUM.crypto_aead_xchacha20poly1305_ietf_decrypt
