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
from pathlib import Path
from typing import Final

from media.ports import OpusError

_RATE_HZ = 16_000
_MAX_SAMPLES = 1920
"""Samples of the longest packet, 120 ms (RFC 6716)."""

_FRAME_SAMPLES: Final = 320
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
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    loaded.opus_get_version_string.restype = pointer
    loaded.opus_strerror.argtypes = [number]
    loaded.opus_strerror.restype = pointer
    loaded.opus_decoder_get_size.argtypes = [number]
    loaded.opus_decoder_get_size.restype = number
    loaded.opus_decoder_init.argtypes = [pointer, ctypes.c_int32, number]
    loaded.opus_decoder_init.restype = number
    loaded.opus_decode.argtypes = [
        pointer, text, ctypes.c_int32, pointer, number, number,
    ]  # fmt: skip
    loaded.opus_decode.restype = number
    return loaded


class OpusDecoder:
    """Decodes one stream; its state and its output buffer are reused throughout."""

    __slots__ = ("_address", "_decode", "_pcm", "_state", "_state_address")

    def __init__(self) -> None:
        """Start a decoder. Raise OpusError if libopus is missing or refuses."""
        lib = library()
        self._state = ctypes.create_string_buffer(lib.opus_decoder_get_size(1))
        self._state_address = ctypes.addressof(self._state)
        buffer = ctypes.create_string_buffer(2 * _MAX_SAMPLES)
        self._pcm = memoryview(buffer).cast("B")
        self._address = ctypes.addressof(buffer)
        self._decode = lib.opus_decode
        self.reset()

    def decode(self, opus: bytes) -> bytes:
        """Decode one packet: int16 little-endian PCM, 16 kHz, mono.

        Raise OpusError if it is not Opus; the state is then as before.
        """
        samples = self._decode(
            self._state_address, opus, len(opus), self._address, _MAX_SAMPLES, 0
        )
        if samples < 0:
            raise _error(samples)
        return self._pcm[: 2 * samples].tobytes()

    def recover(self, following: bytes) -> bytes:
        """Rebuild the 20 ms lost just before ``following``, by FEC or else by PLC."""
        samples = self._decode(
            self._state_address,
            following,
            len(following),
            self._address,
            _FRAME_SAMPLES,
            1,
        )
        if samples < 0:
            raise _error(samples)
        return self._pcm[: 2 * samples].tobytes()

    def conceal(self) -> bytes:
        """Invent 20 ms that join what came before (PLC)."""
        samples = self._decode(
            self._state_address, None, 0, self._address, _FRAME_SAMPLES, 0
        )
        if samples < 0:
            raise _error(samples)
        return self._pcm[: 2 * samples].tobytes()

    def reset(self) -> None:
        """Forget the stream: the next packet belongs to another one."""
        result = library().opus_decoder_init(self._state_address, _RATE_HZ, 1)
        if result != _OPUS_OK:
            raise _error(result)


def _error(code: int) -> OpusError:
    """Word libopus' error ``code``."""
    return OpusError(ctypes.string_at(library().opus_strerror(code)).decode())
