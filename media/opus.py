"""libopus by ctypes: Opus packets to 16 kHz mono, without resampling or copying twice.

Edge: loads a C library, the system's where there is one, else the one that the ``av``
wheel brings. Calls hold the interpreter lock (``PyDLL``): they take 10 to 50 µs, and
giving the lock up costs up to 5 ms to get it back beside a busy thread. A decoder
belongs to the thread that calls it.
"""

import ctypes
import ctypes.util
import functools
import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from media.ports import OpusError

_RATE_HZ = 16_000
_MAX_SAMPLES = 1920
"""Samples of the longest packet, 120 ms (RFC 6716)."""

_FRAME_SAMPLES: Final = 320
_FRAME_BYTES: Final = 640
_MAX_FRAMES: Final = 6
_BUFFER_FRAMES: Final = 32
"""Frames that are decoded before they are copied away; a batch seldom has more."""

_OPUS_OK = 0
_SYSTEM_NAMES = ("libopus.so.0", "libopus.0.dylib", "opus.dll", "libopus-0.dll")
_WHEEL_PATTERNS = ("../av.libs/libopus*", ".dylibs/libopus*", "../av.libs/opus*.dll")


@functools.cache
def library() -> ctypes.PyDLL:
    """Load libopus. Raise OpusError, naming what was tried."""
    for name in (*_SYSTEM_NAMES, *_bundled()):
        try:
            loaded = ctypes.PyDLL(name)
        except OSError:
            continue
        return _declare(loaded)
    raise OpusError(
        "libopus was not found: install it (Debian: libopus0) or the Python package av"
    )


def version() -> str:
    """Return what the loaded library calls itself. Raise OpusError without one."""
    return ctypes.string_at(library().opus_get_version_string()).decode()


def _bundled() -> list[str]:
    """Return where the ``av`` wheel keeps its libopus."""
    spec = importlib.util.find_spec("av")
    if spec is None or spec.origin is None:
        return []
    package = Path(spec.origin).parent
    return [str(path) for pattern in _WHEEL_PATTERNS for path in package.glob(pattern)]


def _declare(loaded: ctypes.PyDLL) -> ctypes.PyDLL:
    """Give the functions that are used here their types."""
    pointer, number = ctypes.c_void_p, ctypes.c_int
    loaded.opus_get_version_string.restype = pointer
    loaded.opus_strerror.argtypes = [number]
    loaded.opus_strerror.restype = pointer
    loaded.opus_decoder_get_size.argtypes = [number]
    loaded.opus_decoder_get_size.restype = number
    loaded.opus_decoder_init.argtypes = [pointer, ctypes.c_int32, number]
    loaded.opus_decoder_init.restype = number
    loaded.opus_decode.restype = number
    return loaded


class _Output(threading.local):
    """Where libopus puts sound: one place per thread, so that it stays in the cache."""

    def __init__(self) -> None:
        buffer = ctypes.create_string_buffer(_BUFFER_FRAMES * _FRAME_BYTES)
        start = ctypes.addressof(buffer)
        self.pcm = memoryview(buffer).cast("B")
        self.places = [
            ctypes.c_void_p(start + frame * _FRAME_BYTES)
            for frame in range(_BUFFER_FRAMES)
        ]

    def decoded(self, frames: int) -> bytes:
        """Return a copy of the first frames."""
        return self.pcm[: frames * _FRAME_BYTES].tobytes()


_output = _Output()


class OpusDecoder:
    """Decodes one stream; its state is reused throughout."""

    __slots__ = ("_decode", "_state", "_state_at")

    def __init__(self) -> None:
        """Start a decoder. Raise OpusError if libopus is missing or refuses."""
        lib = library()
        self._state = ctypes.create_string_buffer(lib.opus_decoder_get_size(1))
        # ``opus_decode`` has no declared arguments: checking six of them costs more
        # than the call. Pointers are made once; ints and bytes go as they are.
        self._state_at = ctypes.c_void_p(ctypes.addressof(self._state))
        self._decode = lib.opus_decode
        self.reset()

    def decode(self, packets: Sequence[bytes]) -> bytes:
        """Decode packets that follow each other: int16 little-endian, 16 kHz, mono.

        Ends before the first one that is not Opus; the state is then as before it.
        """
        decode, state, places = self._decode, self._state_at, _output.places
        parts: list[bytes] = []
        done = 0
        for opus in packets:
            if done > _BUFFER_FRAMES - _MAX_FRAMES:
                parts.append(_output.decoded(done))
                done = 0
            samples = decode(state, opus, len(opus), places[done], _MAX_SAMPLES, 0)
            if samples < 0:
                break
            done += samples // _FRAME_SAMPLES
        last = _output.decoded(done)
        return b"".join((*parts, last)) if parts else last

    def recover(self, following: bytes) -> bytes:
        """Rebuild the 20 ms lost just before ``following``, by FEC or else by PLC."""
        return self._frame(following, 1)

    def conceal(self) -> bytes:
        """Invent 20 ms that join what came before (PLC)."""
        return self._frame(None, 0)

    def _frame(self, opus: bytes | None, fec: int) -> bytes:
        """Return 20 ms that never came."""
        size = 0 if opus is None else len(opus)
        samples = self._decode(
            self._state_at, opus, size, _output.places[0], _FRAME_SAMPLES, fec
        )
        if samples < 0:
            raise _error(samples)
        return _output.decoded(1)

    def reset(self) -> None:
        """Forget the stream: the next packet belongs to another one."""
        result = library().opus_decoder_init(self._state_at, _RATE_HZ, 1)
        if result != _OPUS_OK:
            raise _error(result)


def _error(code: int) -> OpusError:
    """Word libopus' error ``code``."""
    return OpusError(ctypes.string_at(library().opus_strerror(code)).decode())
