"""How good a few seconds of one voice are: figures, and what each is worth.

Two kinds of evidence go in: the decoded sound (level, clipping, noise) and the headers
of the packets that carried it (loss, jitter). Nothing here knows a microphone's name:
a figure is what was measured, or None where there was nothing to measure it on.

Levels: dBFS of RMS, where a full-scale square wave is 0; loudness in LUFS with the
K-weighting and the two gates of ITU-R BS.1770-4. Jitter is that of RFC 3550, 6.4.1.
The sound is 16 kHz mono, so that what is above 8 kHz does not count.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

RATE_HZ: Final = 16_000
FRAME: Final = 320
"""Samples of 20 ms."""

LEAST_HEARD_S: Final = 1.0
"""Seconds of sound below which nothing is said about the voice."""

Sound = npt.NDArray[np.float64]

_FULL = 32_000 / 32_768
"""From here on a sample counts as cut off; decoders seldom reach the very last step."""

_DIGITAL_SILENCE_DB = -90.0
"""Quieter frames are no sound of a room: the sender sent nothing there."""

_BLOCK, _STEP = 6400, 1600
"""Samples of a gating block, 400 ms, and of its step (BS.1770-4)."""

_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_TICKS_PER_S = 48_000
_PAUSE_TICKS = _TICKS_PER_S // 5
"""Jumps of the timestamp from here on are pauses, where senders send no sound."""


class Arrival(NamedTuple):
    """What one received packet says about the network."""

    sequence: int
    """RTP sequence number, 16 bits."""
    timestamp: int
    """RTP timestamp, 32 bits, 48,000 per second."""
    arrived_at: float
    """Seconds on any clock."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one voice; None where it could not be."""

    heard_s: float
    """Seconds of sound."""
    loudness_lufs: float | None = None
    level_dbfs: float | None = None
    """Of the louder half of what is not noise."""
    clipped: float | None = None
    """Share of the talk's 20 ms frames with samples that were cut off."""
    noise_dbfs: float | None = None
    """None where the sender sends nothing between sentences."""
    snr_db: float | None = None
    loss: float | None = None
    """Share of the packets that never came."""
    jitter_ms: float | None = None


class Grade(Enum):
    """How good a figure is."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure, what it is worth, and which advice goes with it."""

    about: str
    """``level``, ``clipping``, ``noise``, ``loss`` or ``jitter``."""
    grade: Grade
    advice: str
    """Key of the advice: ``fine``, or what is wrong, such as ``quiet``."""


def measure(pcm: bytes, arrivals: Sequence[Arrival]) -> Measured:
    """Measure int16 little-endian ``pcm`` and the packets, in order of arrival."""
    sound: Sound = np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768
    loss, jitter_ms = lost(arrivals), jitter(arrivals)
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    levels = _decibels(np.mean(frames**2, axis=1)) if len(frames) else frames
    sent = levels > _DIGITAL_SILENCE_DB
    heard_s = float(np.count_nonzero(sent)) * FRAME / RATE_HZ
    if heard_s < LEAST_HEARD_S:
        return Measured(heard_s, loss=loss, jitter_ms=jitter_ms)
    noise, level = _noise_and_level(levels[sent])
    talk = frames[levels >= level - 15.0]
    cut = float(np.mean(np.any(np.abs(talk) >= _FULL, axis=1)))
    return Measured(
        heard_s,
        loudness_lufs=loudness(sound),
        level_dbfs=level,
        clipped=cut,
        noise_dbfs=noise,
        snr_db=None if noise is None else level - noise,
        loss=loss,
        jitter_ms=jitter_ms,
    )


def loudness(sound: Sound) -> float | None:
    """Return the integrated loudness in LUFS; None for silence (BS.1770-4)."""
    if len(sound) < _BLOCK:
        return None
    starts = range(0, len(sound) - _BLOCK + 1, _STEP)
    blocks = np.stack([sound[at : at + _BLOCK] for at in starts])
    spectrum = np.abs(np.fft.rfft(blocks, axis=1)) ** 2
    spectrum[:, 1:-1] *= 2  # the negative frequencies
    power = spectrum @ _weighting() / _BLOCK**2
    power = power[_lufs(power) > _ABSOLUTE_GATE]
    if not len(power):
        return None
    gate = float(_lufs(np.mean(power, keepdims=True))[0]) + _RELATIVE_GATE
    return float(_lufs(np.mean(power[_lufs(power) > gate], keepdims=True))[0])


def lost(arrivals: Sequence[Arrival]) -> float | None:
    """Return the share of packets between first and last that never came."""
    if len(arrivals) < 2:
        return None
    first = arrivals[0].sequence
    numbers = {_signed(one.sequence - first, 16) for one in arrivals}
    expected = max(numbers) - min(numbers) + 1
    return 1.0 - len(numbers) / expected


def jitter(arrivals: Sequence[Arrival]) -> float | None:
    """Return the mean interarrival jitter in milliseconds (RFC 3550, 6.4.1).

    Packets out of order and the first after a pause say nothing of the network.
    """
    estimate, seen = 0.0, []
    for before, after in itertools.pairwise(arrivals):
        ticks = _signed(after.timestamp - before.timestamp, 32)
        if not 0 < ticks < _PAUSE_TICKS:
            continue
        apart_s = after.arrived_at - before.arrived_at - ticks / _TICKS_PER_S
        estimate += (abs(apart_s) - estimate) / 16
        seen.append(estimate)
    settled = seen[16:]  # the estimate begins at nothing, and takes so many to be one
    return 1000 * math.fsum(settled) / len(settled) if settled else None


def judge(measured: Measured) -> list[Finding]:
    """Return what each figure is worth, one piece of advice each."""
    return [
        _level(measured.loudness_lufs),
        _above("clipping", measured.clipped, 0.01, 0.05, "clipped"),
        _noise(measured),
        _above("loss", measured.loss, 0.01, 0.05, "lossy"),
        _above("jitter", measured.jitter_ms, 20.0, 50.0, "unsteady"),
    ]


_WORTH: Final = {Grade.GOOD: 20, Grade.FAIR: 12, Grade.BAD: 0, Grade.UNKNOWN: 20}


def score(findings: Sequence[Finding]) -> int:
    """Return 0 to 100; what could not be measured takes nothing off."""
    return sum(_WORTH[one.grade] for one in findings)


def _level(lufs: float | None) -> Finding:
    if lufs is None:
        return Finding("level", Grade.BAD, "unheard")
    if lufs < -27.0:
        return Finding("level", Grade.BAD if lufs < -35.0 else Grade.FAIR, "quiet")
    if lufs > -13.0:
        return Finding("level", Grade.BAD if lufs > -9.0 else Grade.FAIR, "loud")
    return Finding("level", Grade.GOOD, "fine")


def _noise(measured: Measured) -> Finding:
    snr = measured.snr_db
    if snr is None:
        return Finding("noise", Grade.UNKNOWN, "gated")
    if snr >= 25.0:
        return Finding("noise", Grade.GOOD, "fine")
    return Finding("noise", Grade.FAIR if snr >= 15.0 else Grade.BAD, "noisy")


def _above(
    about: str, figure: float | None, fair: float, bad: float, advice: str
) -> Finding:
    if figure is None:
        return Finding(about, Grade.UNKNOWN, "unknown")
    if figure < fair:
        return Finding(about, Grade.GOOD, "fine")
    return Finding(about, Grade.FAIR if figure < bad else Grade.BAD, advice)


def _noise_and_level(levels: Sound) -> tuple[float | None, float]:
    """Return the noise floor and the level of the voice over it, in dBFS.

    The floor is the quietest tenth. Where it is as loud as everything else there was
    no pause to measure it in, or the sender cuts pauses out: then it is not known.
    """
    floor = float(np.percentile(levels, 10))
    loud = np.sort(levels)[len(levels) // 2 :]
    level = float(_decibels(np.mean(10 ** (loud / 10), keepdims=True))[0])
    return (None if level - floor < 3.0 else floor), level


def _decibels(power: Any) -> Sound:
    found: Sound = 10 * np.log10(np.maximum(power, 1e-12))
    return found


def _lufs(power: Any) -> Sound:
    return _decibels(power) - 0.691


def _weighting() -> Sound:
    """Return the power gain of BS.1770's two filters at each line of a block."""
    rate = 48_000.0  # at which the standard gives its coefficients
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(_BLOCK, 1 / RATE_HZ) / rate)
    shelf = _response(
        turn,
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    )
    high = _response(turn, (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
    gain: Sound = np.abs(shelf * high) ** 2
    return gain


def _response(
    turn: npt.NDArray[np.complex128],
    b: tuple[float, float, float],
    a: tuple[float, float, float],
) -> npt.NDArray[np.complex128]:
    above = b[0] + b[1] * turn + b[2] * turn**2
    below = a[0] + a[1] * turn + a[2] * turn**2
    found: npt.NDArray[np.complex128] = above / below
    return found


def _signed(number: int, bits: int) -> int:
    """Return a difference of wrapping counters as the nearest signed number."""
    half = 1 << (bits - 1)
    return (number + half) % (1 << bits) - half
