"""The C floor: what the bare calls into C cost, on the same packets as the chain.

AES-256-GCM by ``cryptography``, DAVE by ``davey``, Opus to 16 kHz mono by libopus,
20 ms verdicts by webrtcvad: each in a loop of its own with its inputs ready, called
the cheapest way that Python has (no wrapper, nothing converted but ints and bytes).
The packets come in the order in which they arrive, everybody's in turn.

A receiver must do all four to a batch before the next batch is there, and so does the
floor: what one needs pushes what another needs out of the processor's caches.
``alone_s`` lets each of the four go through all batches by itself, which no receiver
can; it is printed beside.
"""

import ctypes
import gc
import time
from collections.abc import Iterable, Sequence

import _webrtcvad  # type: ignore[import-not-found]  # C without type information
import davey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from media import opus
from media.rtp import Content, Header, parse, unwrap
from tests.benchmarks.cpu import each_s, least_s
from tests.benchmarks.crowd import KEY, SPEAKERS, WARM, Crowd, batches, counted

MOST_SAMPLES = 1920
RATE_HZ = 16_000
FRAME_SAMPLES = 320
FRAME_BYTES = 640

ROUNDS = 5

CIPHER, DAVEY, LIBOPUS, WEBRTCVAD = "cipher", "davey", "libopus", "webrtcvad"
CALLS = (CIPHER, DAVEY, LIBOPUS, WEBRTCVAD)

Taken = dict[str, list[float]]
"""Name of a call → CPU seconds of each batch."""


class Bare:
    """The four calls, with everything that they need at hand."""

    def __init__(self, session: davey.DaveSession, most: int) -> None:
        """``most``: packets of the largest batch."""
        self._decrypt = AESGCM(KEY).decrypt
        self._open = session.decrypt
        library = opus.library()
        size = library.opus_decoder_get_size(1)
        users = range(1, SPEAKERS + 1)
        self._decoders = {
            user_id: _pointer(ctypes.create_string_buffer(size)) for user_id in users
        }
        for state in self._decoders.values():
            library.opus_decoder_init(state, RATE_HZ, 1)
        self._decode = library.opus_decode
        sound = ctypes.create_string_buffer(most * FRAME_BYTES + 2 * MOST_SAMPLES)
        self._sound = sound  # pointers keep nothing alive
        start = ctypes.addressof(sound)
        self._places = [ctypes.c_void_p(start + at * FRAME_BYTES) for at in range(most)]
        whole = memoryview(sound)
        self._frames = [
            whole[at * FRAME_BYTES : (at + 1) * FRAME_BYTES] for at in range(most)
        ]
        self._detectors = {user_id: _webrtcvad.create() for user_id in users}
        for handle in self._detectors.values():
            _webrtcvad.init(handle)
            _webrtcvad.set_mode(handle, 2)  # as the chain sets it

    def cipher(self, batch: Iterable[tuple[bytes, bytes, bytes]]) -> None:
        """Take transport encryption off: nonce, body, what is authenticated."""
        decrypt = self._decrypt
        for nonce, body, clear in batch:
            decrypt(nonce, body, clear)

    def davey(self, batch: Iterable[tuple[int, bytes]]) -> list[bytes]:
        """Take DAVE off everybody's frames; return their Opus."""
        open_, audio = self._open, davey.MediaType.audio
        return [open_(user_id, audio, frame) for user_id, frame in batch]

    def libopus(self, users: Sequence[int], packets: Sequence[bytes]) -> None:
        """Decode everybody's packets, each to its place."""
        decode, decoders = self._decode, self._decoders
        for user_id, packet, place in zip(users, packets, self._places, strict=False):
            decode(decoders[user_id], packet, len(packet), place, MOST_SAMPLES, 0)

    def webrtcvad(self, users: Sequence[int]) -> None:
        """Judge the sound at everybody's places."""
        is_speech, detectors = _webrtcvad.process, self._detectors
        for user_id, frame in zip(users, self._frames, strict=False):
            is_speech(detectors[user_id], RATE_HZ, frame, FRAME_SAMPLES)


def least_us(rounds: Sequence[dict[str, list[float]]], count: int) -> dict[str, float]:
    """Return microseconds per packet of each bare call, by several ``floor_s``."""
    return {
        name: 1e6 * least_s([taken[name] for taken in rounds]) / count
        for name in rounds[0]
    }


def least_floor_us(crowd: Crowd) -> dict[str, float]:
    """Return the same by rounds of its own."""
    rounds = []
    for _ in range(ROUNDS):
        crowd.say()
        rounds.append(floor_s(crowd))
    return least_us(rounds, counted(crowd.ticks))


def floor_s(crowd: Crowd, every_s: float = 0.0) -> Taken:
    """Return CPU seconds of each call for each batch, all four batch by batch.

    ``every_s``: sleep so long before each, as a receiver waits for what is to come.
    """
    sealed, frames, users = _ready(crowd)
    bare = Bare(crowd.session, max(map(len, sealed)))
    clock = time.process_time
    taken: Taken = {name: [] for name in CALLS}
    gc.collect()
    gc.disable()
    try:
        for shut, ours, who in zip(sealed, frames, users, strict=True):
            if every_s:
                time.sleep(every_s)
            times = [clock()]
            bare.cipher(shut)
            times.append(clock())
            packets = bare.davey(ours)
            times.append(clock())
            bare.libopus(who, packets)
            times.append(clock())
            bare.webrtcvad(who)
            times.append(clock())
            for name, start, end in zip(CALLS, times, times[1:], strict=False):
                taken[name].append(end - start)
    finally:
        gc.enable()
    return {name: each[WARM:] for name, each in taken.items()}


def alone_s(crowd: Crowd) -> Taken:
    """Return the same with each call going through all batches by itself."""
    sealed, frames, users = _ready(crowd)
    bare = Bare(crowd.session, max(map(len, sealed)))
    packets: list[list[bytes]] = []
    parts = {
        CIPHER: each_s(sealed, bare.cipher),
        DAVEY: each_s(frames, lambda ours: packets.append(bare.davey(ours))),
    }
    both = list(zip(users, packets, strict=True))
    parts[LIBOPUS] = each_s(both, lambda batch: bare.libopus(*batch))
    parts[WEBRTCVAD] = each_s(users, bare.webrtcvad)
    return {name: each[WARM:] for name, each in parts.items()}


def _ready(crowd: Crowd) -> tuple[list, list, list]:
    """Return what the cipher takes, what davey takes, and whose packet each is."""
    decrypt = AESGCM(KEY).decrypt
    sealed: list[list] = []
    frames: list[list] = []
    for batch in batches(crowd.ticks):
        sealed.append([])
        frames.append([])
        for _, datagram in batch:
            header = parse(datagram)
            assert isinstance(header, Header)
            start = header.clear_bytes
            shut = datagram[-4:] + bytes(8), datagram[start:-4], datagram[:start]
            content = unwrap(header, decrypt(*shut))
            assert isinstance(content, Content)
            sealed[-1].append(shut)
            frames[-1].append((header.ssrc - 1000, content.frame))
    return sealed, frames, [[user_id for user_id, _ in batch] for batch in frames]


def _pointer(buffer: ctypes.Array) -> ctypes.c_void_p:
    """Return a pointer made once; it keeps its buffer alive."""
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    pointer.buffer = buffer  # type: ignore[attr-defined]  # ctypes keeps no reference
    return pointer
