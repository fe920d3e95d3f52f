"""The C floor: what the bare calls into C cost, on the same packets as the chain.

AES-256-GCM by ``cryptography``, DAVE by ``davey``, Opus to 16 kHz mono by libopus,
20 ms verdicts by webrtcvad: each in a loop of its own with its inputs ready, called
the cheapest way that Python has (no wrapper, nothing converted but ints and bytes).
The packets come in the order in which they arrive, everybody's in turn.
"""

import ctypes
import gc
import time
from collections.abc import Callable, Iterable

import _webrtcvad
import davey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from media import opus
from media.opus import OpusDecoder
from media.rtp import parse, unwrap
from tests.benchmarks.crowd import KEY, Crowd

MOST_SAMPLES = 1920
RATE_HZ = 16_000
FRAME_SAMPLES = 320


def cpu_s(work: Callable[[], object]) -> float:
    """Return the CPU seconds of this thread that ``work`` takes."""
    gc.collect()
    gc.disable()
    before = time.thread_time()
    work()
    took = time.thread_time() - before
    gc.enable()
    return took


def floor_s(crowd: Crowd) -> dict[str, float]:
    """Return CPU seconds per packet of each bare C call over a crowd's datagrams."""
    decrypt = AESGCM(KEY).decrypt
    sealed = []
    for datagram in crowd.flat():
        header = parse(datagram)
        clear = header.clear_bytes
        nonce, body = datagram[-4:] + bytes(8), datagram[clear:-4]
        sealed.append((header, nonce, body, datagram[:clear]))
    frames = [
        (h.ssrc - 1000, unwrap(h, decrypt(nonce, body, aad)).frame)
        for h, nonce, body, aad in sealed
    ]
    users = {user_id for user_id, _ in frames}
    audio, open_ = davey.MediaType.audio, crowd.session.decrypt
    packets: list[bytes] = []

    def transport() -> None:
        for _, nonce, body, aad in sealed:
            decrypt(nonce, body, aad)

    def dave() -> None:
        for user_id, frame in frames:
            packets.append(open_(user_id, audio, frame))

    parts = {"cipher": cpu_s(transport), "davey": cpu_s(dave)}
    decode, places, pcm = _opus(users)

    def libopus() -> None:
        for (user_id, _), packet in zip(frames, packets, strict=True):
            decode(places[user_id], packet, len(packet), pcm, MOST_SAMPLES, 0)

    parts["libopus"] = cpu_s(libopus)
    decoders = {user_id: OpusDecoder() for user_id in users}
    sound = [decoders[u].decode([p]) for (u, _), p in zip(frames, packets, strict=True)]
    is_speech, detectors = _webrtcvad.process, _detectors(users)

    def detector() -> None:
        for (user_id, _), frame in zip(frames, sound, strict=True):
            is_speech(detectors[user_id], RATE_HZ, frame, FRAME_SAMPLES)

    parts["webrtcvad"] = cpu_s(detector)
    return {name: took / len(frames) for name, took in parts.items()}


def _opus(users: Iterable[int]) -> tuple[Callable[..., int], dict, ctypes.c_void_p]:
    """Return libopus' decode, a decoder's state for each user, and room for sound."""
    library = opus.library()
    size = library.opus_decoder_get_size(1)
    states = {user_id: ctypes.create_string_buffer(size) for user_id in users}
    for state in states.values():
        library.opus_decoder_init(state, RATE_HZ, 1)
    room = ctypes.create_string_buffer(2 * MOST_SAMPLES)
    places = {user_id: _pointer(state) for user_id, state in states.items()}
    return library.opus_decode, places, _pointer(room)


def _pointer(buffer: ctypes.Array) -> ctypes.c_void_p:
    """Return a pointer made once; it keeps its buffer alive."""
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    pointer.buffer = buffer  # type: ignore[attr-defined]  # ctypes keeps no reference
    return pointer


def _detectors(users: Iterable[int]) -> dict[int, object]:
    """Return webrtcvad's own handle for each user, as the chain sets it."""
    handles = {user_id: _webrtcvad.create() for user_id in users}
    for handle in handles.values():
        _webrtcvad.init(handle)
        _webrtcvad.set_mode(handle, 2)
    return handles
