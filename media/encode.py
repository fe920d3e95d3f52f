"""PCM to Opus by libopus: for what the bot itself plays.

Edge: the C library that ``opus`` loads. About 0.2 ms a frame, with the interpreter
lock held; encode short sounds, or on a thread that may wait.
"""

import ctypes

from media.opus import library
from media.ports import OpusError

RATE_HZ = 48_000
FRAME_SAMPLES = 960
FRAME_BYTES = 2 * FRAME_SAMPLES
"""20 ms of int16 mono."""

_MOST_BYTES = 1275
"""Of one frame (RFC 6716, 3.2.1)."""

_FOR_AUDIO = 2049
"""OPUS_APPLICATION_AUDIO: faithful, for music and tones too."""


def encode(pcm: bytes) -> list[bytes]:
    """Encode int16 little-endian PCM, 48 kHz mono, to Opus packets of 20 ms.

    A last frame that is not full is filled with silence. Raise OpusError if libopus is
    missing or refuses.
    """
    lib = library()
    error = ctypes.c_int()
    create = lib.opus_encoder_create
    create.restype = ctypes.c_void_p
    encoder = create(RATE_HZ, 1, _FOR_AUDIO, ctypes.byref(error))
    if error.value or not encoder:
        raise OpusError(f"libopus makes no encoder (error {error.value})")
    try:
        handle = ctypes.c_void_p(encoder)
        return [
            _frame(lib, handle, pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\x00"))
            for at in range(0, len(pcm), FRAME_BYTES)
        ]
    finally:
        lib.opus_encoder_destroy(ctypes.c_void_p(encoder))


def _frame(lib: ctypes.PyDLL, encoder: ctypes.c_void_p, pcm: bytes) -> bytes:
    packet = ctypes.create_string_buffer(_MOST_BYTES)
    size = lib.opus_encode(
        encoder, pcm, FRAME_SAMPLES, packet, ctypes.c_int32(_MOST_BYTES)
    )
    if size < 0:
        raise OpusError(f"libopus does not encode a frame (error {size})")
    return packet.raw[:size]
