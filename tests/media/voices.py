"""Voices for tests: the clips that the rehearsal ships, as packets and as samples."""

import ctypes
import functools
from pathlib import Path

import numpy as np

from media import ogg, opus
from media.opus import OpusDecoder

RATE_HZ = 16_000
CLIPS = Path(__file__).parents[2] / "bot/rehearsal/scenarios/voices"
_VOIP = 2048
_SET_BITRATE, _SET_FEC, _SET_LOSS = 4002, 4012, 4014


@functools.cache
def spoken() -> list[bytes]:
    """Return the 20 ms Opus packets of the longest clip: about 3 s of one voice."""
    longest = max(sorted(CLIPS.glob("*.opus")), key=lambda path: path.stat().st_size)
    pages = [p for p in ogg.pages(longest.read_bytes()) if isinstance(p, ogg.Page)]
    return [packet for page in pages for packet in page.packets][2:]


@functools.cache
def sound() -> np.ndarray:
    """Return the same voice as int16 mono samples at 16 kHz, silence cut off its ends.

    Between its first and its last sample it hardly pauses.
    """
    decoder = OpusDecoder()
    pcm = decoder.decode(spoken())
    samples = np.frombuffer(pcm, np.int16)
    loud = np.flatnonzero(abs(samples) > 1000)
    return samples[loud[0] : loud[-1]].copy()


def voice(seconds: float) -> np.ndarray:
    """Return so many seconds of it, over and over."""
    count = int(seconds * RATE_HZ)
    return np.tile(sound(), count // len(sound()) + 1)[:count]


def encode(samples, rate_hz=RATE_HZ, bitrate=64_000, fec=False):
    """Return 20 ms Opus packets of int16 mono samples, as a Discord client's."""
    lib = opus.library()
    lib.opus_encoder_create.restype = ctypes.c_void_p
    error = ctypes.c_int()
    encoder = ctypes.c_void_p(
        lib.opus_encoder_create(rate_hz, 1, _VOIP, ctypes.byref(error))
    )
    assert error.value == 0
    lib.opus_encoder_ctl(encoder, _SET_BITRATE, ctypes.c_int(bitrate))
    lib.opus_encoder_ctl(encoder, _SET_FEC, ctypes.c_int(int(fec)))
    lib.opus_encoder_ctl(encoder, _SET_LOSS, ctypes.c_int(20 * int(fec)))
    size = rate_hz // 50
    buffer = ctypes.create_string_buffer(4000)
    packets = []
    for start in range(0, len(samples) - size + 1, size):
        pcm = np.ascontiguousarray(samples[start : start + size]).tobytes()
        length = lib.opus_encode(encoder, pcm, size, buffer, len(buffer))
        assert length > 0
        packets.append(buffer.raw[:length])
    lib.opus_encoder_destroy(encoder)
    return packets
