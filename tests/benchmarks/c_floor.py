"""The C floor: what the bare calls into C cost, on the same packets as the chain.

AES-256-GCM by ``cryptography``, DAVE by ``davey``, Opus to 16 kHz mono by libopus,
20 ms verdicts by webrtcvad: each in a loop of its own with its inputs ready, called
the cheapest way that Python has (no wrapper, nothing converted but ints and bytes).
The packets come in the order in which they arrive, everybody's in turn.
"""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import _webrtcvad
import davey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from media import opus
from media.opus import OpusDecoder
from media.rtp import parse, unwrap
from tests.benchmarks.cpu import each_s, least_s
from tests.benchmarks.crowd import KEY, WARM, Crowd, batches, counted

MOST_SAMPLES = 1920
RATE_HZ = 16_000
FRAME_SAMPLES = 320

ROUNDS = 5


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


def floor_s(crowd: Crowd) -> dict[str, list[float]]:
    """Return CPU seconds of each bare C call for each batch of a crowd's datagrams."""
    decrypt = AESGCM(KEY).decrypt
    sealed = [[_sealed(datagram) for _, datagram in b] for b in batches(crowd.ticks)]
    frames = [
        [
            (header.ssrc - 1000, unwrap(header, decrypt(nonce, body, aad)).frame)
            for header, nonce, body, aad in batch
        ]
        for batch in sealed
    ]
    users = {user_id for batch in frames for user_id, _ in batch}
    audio, open_ = davey.MediaType.audio, crowd.session.decrypt
    packets: list[bytes] = []

    def transport(batch: list) -> None:
        for _, nonce, body, aad in batch:
            decrypt(nonce, body, aad)

    def dave(batch: list) -> None:
        for user_id, frame in batch:
            packets.append(open_(user_id, audio, frame))

    parts = {"cipher": each_s(sealed, transport), "davey": each_s(frames, dave)}
    named = [
        [(user_id, packet) for (user_id, _), packet in zip(batch, opened, strict=True)]
        for batch, opened in zip(frames, _like(frames, packets), strict=True)
    ]
    parts |= {
        "libopus": each_s(named, _libopus(users)),
        "webrtcvad": each_s(_sound(users, named), _detector(users)),
    }
    return {name: taken[WARM:] for name, taken in parts.items()}


def _sealed(datagram: bytes) -> tuple:
    """Return what the cipher takes: header, nonce, body, what is authenticated."""
    header = parse(datagram)
    clear = header.clear_bytes
    return header, datagram[-4:] + bytes(8), datagram[clear:-4], datagram[:clear]


def _like(batches: Sequence[Sequence], flat: Iterable) -> list[list]:
    """Return ``flat`` cut into the same batches."""
    rest = iter(flat)
    return [list(islice(rest, len(batch))) for batch in batches]


def _libopus(users: Iterable[int]) -> Callable[[list], None]:
    """Return what decodes a batch with libopus' own states, one for each user."""
    library = opus.library()
    size = library.opus_decoder_get_size(1)
    states = {user_id: ctypes.create_string_buffer(size) for user_id in users}
    for state in states.values():
        library.opus_decoder_init(state, RATE_HZ, 1)
    decode = library.opus_decode
    pcm = _pointer(ctypes.create_string_buffer(2 * MOST_SAMPLES))
    places = {user_id: _pointer(state) for user_id, state in states.items()}

    def work(batch: list) -> None:
        for user_id, packet in batch:
            decode(places[user_id], packet, len(packet), pcm, MOST_SAMPLES, 0)

    return work


def _pointer(buffer: ctypes.Array) -> ctypes.c_void_p:
    """Return a pointer made once; it keeps its buffer alive."""
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    pointer.buffer = buffer  # type: ignore[attr-defined]  # ctypes keeps no reference
    return pointer


def _sound(users: Iterable[int], named: Sequence[list]) -> list[list]:
    """Return the batches decoded."""
    decoders = {user_id: OpusDecoder() for user_id in users}
    return [
        [(user_id, decoders[user_id].decode([packet])) for user_id, packet in batch]
        for batch in named
    ]


def _detector(users: Iterable[int]) -> Callable[[list], None]:
    """Return what judges a batch with webrtcvad, set as the chain sets it."""
    handles = {user_id: _webrtcvad.create() for user_id in users}
    for handle in handles.values():
        _webrtcvad.init(handle)
        _webrtcvad.set_mode(handle, 2)
    is_speech = _webrtcvad.process

    def work(batch: list) -> None:
        for user_id, frame in batch:
            is_speech(handles[user_id], RATE_HZ, frame, FRAME_SAMPLES)

    return work
