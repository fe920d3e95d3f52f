"""Voices for tests without recordings: vowels on a gliding pitch, and Opus of them."""

import ctypes

import numpy as np

from media import opus

RATE_HZ = 16_000
_VOWELS = [
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
]
_SYLLABLE = 3200
_VOIP = 2048
_SET_BITRATE, _SET_FEC, _SET_LOSS = 4002, 4012, 4014


def voice(seconds, pitch_hz=120, dbov=-22.0, seed=1, rate_hz=RATE_HZ):
    """Return int16 samples of somebody who says vowels, five syllables a second."""
    rng = np.random.default_rng(seed)
    count = int(seconds * rate_hz)
    t = np.arange(count) / rate_hz
    glide = 1 + 0.12 * np.sin(2 * np.pi * 0.9 * t) + 0.05 * np.sin(2 * np.pi * 2.3 * t)
    phase = np.cumsum(pitch_hz * glide) / rate_hz
    source = np.diff(np.floor(phase), prepend=0) + rng.standard_normal(count) * 0.01
    out = np.zeros(count)
    step = _SYLLABLE * rate_hz // RATE_HZ
    for start in range(0, count, step):
        part = source[start : start + step]
        bins = np.fft.rfftfreq(len(part), 1 / rate_hz)
        throat = sum(
            0.6**formant / (1 + ((bins - hz) / (60 + 40 * formant)) ** 2)
            for formant, hz in enumerate(_VOWELS[rng.integers(len(_VOWELS))])
        )
        shape = np.sin(np.pi * (np.arange(len(part)) + 300) / (step + 600)) ** 0.7
        out[start : start + step] = np.fft.irfft(np.fft.rfft(part) * throat, len(part))
        out[start : start + step] *= shape
    return (
        (out / out.std() * 32768 * 10 ** (dbov / 20))
        .clip(-32768, 32767)
        .astype(np.int16)
    )


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
