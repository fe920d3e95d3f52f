"""The receiver inline: everything between a datagram and a talk spurt, on one thread.

The chain (both decryptions, playout, timeline, track, Opus to 16 kHz, detection, talk)
stands beside the sum of the bare C calls on the same packets, and beside
discord-ext-voice-recv and py-cord's decoder path, without end-to-end encryption because
theirs does not work or is not there. CPU time (``cpu``), in batches of five ticks, as
the receiver's thread gathers them from a full room, with BLAS on one thread as there;
the first half second, in which tracks are opened, does not count.
"""

import gc
import struct
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import discord
from discord.ext import voice_recv
from discord.ext.voice_recv.reader import AudioReader
from threadpoolctl import threadpool_limits

from bot.rehearsal.sfu import rtp
from bot.voice.dave import DaveStatus
from bot.voice.inbox import Datagram
from bot.voice.intake import Intake
from bot.voice.transport import AES_GCM, XCHACHA, cipher
from media import opus
from media.consent import Consent
from media.heard import VoicePacket
from media.hearing import Heard, Hearing, HearingSettings
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.vad import WebrtcVad
from tests.benchmarks.c_floor import Taken, alone_s, floor_s, least_us
from tests.benchmarks.cpu import each_s, least_s
from tests.benchmarks.crowd import (
    KEY,
    SPEAKERS,
    TICKS_PER_BATCH,
    WARM,
    Crowd,
    Ticks,
    batches,
    counted,
    packets_of_opus,
)
from tests.benchmarks.pycord import NotDriven, pycord_s
from tests.figures import Figure, NotMeasured

SECONDS = 3.6
ROUNDS = 24
ROUNDS_BESIDE = 8

GROWN_FROM, GROWN_UNTIL = 1000, 3000
"""Ticks between which growth is measured: both end in the same phase of talk."""

USERS = range(1, SPEAKERS + 1)


def chain_s(ticks: Ticks, mode: str, status: DaveStatus) -> list[float]:
    """Return CPU seconds of the whole chain over each batch of datagrams."""
    with tempfile.TemporaryDirectory() as name:
        folder = OggFolder(Path(name))
        hearing = new_hearing(folder)
        intake = Intake(hearing)
        reception = intake.reception
        reception.key(cipher(mode, KEY), 0.0)
        reception.status = status
        for user_id in USERS:
            reception.consent(user_id, True)
            reception.learn(user_id, 1000 + user_id, 0.0)
        whole = timed(ticks)
        # What is timed is as much as what is counted: nothing is kept over its ends.
        borders = whole[WARM - 1], whole[-1]
        facts: list[Heard] = []

        def work(batch: list[Datagram]) -> None:
            waiting = [batch]
            intake.inbox = SimpleNamespace(
                drain=lambda: waiting.pop() if waiting else []
            )
            now = batch[-1].arrived_at
            intake.take(now, facts)
            while intake.is_behind:
                intake.take(now, facts)
            if any(batch is border for border in borders):
                intake.inbox = None
                intake.catch_up(now, facts)

        taken = each_s(whole, work)
        heard = hearing.snapshot().speakers
        hearing.close(len(ticks) / 50)
        folder.close()
    if sum(speaker.recorded for speaker in heard) < 0.9 * sum(map(len, ticks)):
        raise RuntimeError("the chain did not hear the packets that it was timed on")
    return taken[WARM:]


def timed(ticks: Ticks) -> list[list[Datagram]]:
    """Return batches of datagrams with the time of their tick."""
    return [
        [Datagram(datagram, tick / 50) for tick, datagram in batch]
        for batch in batches(ticks)
    ]


def new_hearing(folder: OggFolder) -> Hearing:
    """Return a chain that records everybody."""
    hearing = Hearing(
        HearingSettings(), tracks=folder, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )
    for user_id in USERS:
        hearing.consent(user_id, Consent.AUDIO)
    hearing.record(True, 0.0)
    return hearing


def over_floor() -> Figure:
    """Measure the chain with DAVE and AES-GCM over the sum of the bare calls."""
    crowd = Crowd(SECONDS)
    count = counted(crowd.ticks)
    chains: list[list[float]] = []
    floors: list[Taken] = []
    alone: list[Taken] = []
    for _ in range(ROUNDS):
        crowd.say()
        chains.append(chain_s(crowd.ticks, AES_GCM, DaveStatus(crowd.session, 1, 1)))
        crowd.say()
        floors.append(floor_s(crowd))
        crowd.say()
        alone.append(alone_s(crowd))
    chain_us = 1e6 * least_s(chains) / count
    floor_us = least_us(floors, count)
    whole_us = sum(floor_us.values())
    alone_us = sum(least_us(alone, count).values())
    return Figure(
        "voice.cpu_over_floor_inline",
        chain_us / whole_us,
        "×",
        "lower",
        1.25,
        {"chain µs/packet": chain_us, "floor µs/packet": whole_us}
        | {f"{name} µs": took for name, took in floor_us.items()}
        | {"each call by itself µs/packet": alone_us},
        ROUNDS * count,
    )


def plain_ticks(packets: Sequence[bytes]) -> list[list[bytes]]:
    """Return datagrams of a stage: XChaCha, no DAVE, no padding, an extension."""
    seal, nonce = rtp.XChaCha20Poly1305(KEY), 0
    ticks = []
    for number, packet in enumerate(packets):
        tick = []
        for user_id in USERS:
            stamp = rtp.Stamp(number, number * rtp.FRAME_TICKS, 1000 + user_id)
            built = rtp.build(stamp, packet, extension=b"\x10\x1e" + bytes(6))
            nonce += 1
            tail = struct.pack(">I", nonce)
            tick.append(
                built.header + seal.seal(built.header, built.plain, tail) + tail
            )
        ticks.append(tick)
    return ticks


def cut(ticks: Ticks) -> list[Ticks]:
    """Return batches of whole ticks, for receivers that take one at a time."""
    starts = range(0, len(ticks), TICKS_PER_BATCH)
    return [ticks[at : at + TICKS_PER_BATCH] for at in starts]


class Counting(voice_recv.AudioSink):
    """A sink of voice-recv that only counts frames of sound."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = 0

    def wants_opus(self) -> bool:
        """Ask for decoded sound."""
        return False

    def write(self, user: object, data: voice_recv.VoiceData) -> None:
        """Count."""
        self.frames += bool(data.pcm)

    def cleanup(self) -> None:
        """Hold nothing."""


def voice_recv_s(ticks: Ticks) -> list[float]:
    """Return CPU seconds of voice-recv, callback and router, over each batch."""
    if not discord.opus.is_loaded():  # no libopus in the system: take ours
        discord.opus.load_opus(opus.library()._name)
    client = SimpleNamespace(
        mode=XCHACHA,
        secret_key=KEY,
        guild=SimpleNamespace(get_member=lambda user_id: user_id),
        client=SimpleNamespace(get_user=lambda user_id: user_id),
        _ssrc_to_id={1000 + user_id: user_id for user_id in USERS},
        _get_id_from_ssrc=lambda ssrc: ssrc - 1000,
        dispatch_sink=lambda *_: None,
    )
    sink = Counting()
    reader = AudioReader(sink, client)  # type: ignore[arg-type]  # what it reads of one
    waiting = reader.packet_router.waiter

    def work(batch: Ticks) -> None:
        for tick in batch:
            for datagram in tick:
                reader.callback(datagram)
            for decoder in list(waiting.items):
                data = decoder.pop_data()
                if data is not None:
                    sink.write(data.source, data)

    taken = each_s(cut(ticks), work)
    count = sum(map(len, ticks))
    if sink.frames < 0.9 * count:
        raise RuntimeError(f"voice-recv decoded {sink.frames} of {count} packets")
    return taken[WARM:]


def against_voice_recv() -> Iterator[Figure | NotMeasured]:
    """Measure how many times dearer voice-recv is; it neither detects nor records."""
    ticks = plain_ticks(packets_of_opus(SECONDS))
    count = counted(ticks)
    chains: list[list[float]] = []
    theirs: list[list[float]] = []
    pycords: list[list[float]] = []
    not_driven = ""
    for _ in range(ROUNDS_BESIDE):
        chains.append(chain_s(ticks, XCHACHA, DaveStatus()))
        theirs.append(voice_recv_s(ticks))
        if not not_driven:
            try:
                pycords.append(pycord_s(cut(ticks), KEY)[WARM:])
            except NotDriven as why:
                not_driven = str(why)
    ours_us, theirs_us = (1e6 * least_s(r) / count for r in (chains, theirs))
    beside = {"ours µs/packet": ours_us, "voice-recv µs/packet": theirs_us}
    if not_driven:
        yield NotMeasured("py-cord's decoder path", not_driven)
    else:
        beside["py-cord's decoder path µs/packet"] = 1e6 * least_s(pycords) / count
    yield Figure(
        "voice.times_cheaper_than_voice_recv",
        theirs_us / ours_us,
        "×",
        "higher",
        3,
        beside,
        ROUNDS_BESIDE * count,
    )


def talk(user_id: int, packets: Sequence[bytes], first: int, count: int) -> list:
    """Return packets of one speaker, one second of speech and one of nothing."""
    return [
        VoicePacket(
            user_id,
            1000 + user_id,
            tick & 0xFFFF,
            tick * 960 & 0xFFFFFFFF,
            packets[tick % len(packets)],
            -30,
            tick / 50,
        )
        for tick in range(first, first + count)
        if tick // 50 % 2 == 0
    ]


def memory() -> Figure:
    """Measure by how much the chain grows while everybody talks and pauses."""
    packets = packets_of_opus(SECONDS)
    with tempfile.TemporaryDirectory() as name:
        folder = OggFolder(Path(name))
        hearing = new_hearing(folder)

        def hear(first: int, until: int) -> int:
            for start in range(first, until, 50):
                for user_id in USERS:
                    hearing.feed(talk(user_id, packets, start, 50))
                hearing.tick((start + 50) / 50)
            gc.collect()
            return tracemalloc.get_traced_memory()[0]

        tracemalloc.start()
        before = hear(0, GROWN_FROM)
        after = hear(GROWN_FROM, GROWN_UNTIL)
        tracemalloc.stop()
        hearing.close(GROWN_UNTIL / 50)
        folder.close()
    hours = (GROWN_UNTIL - GROWN_FROM) / 180_000
    return Figure(
        "voice.memory_mb_per_speaker_hour",
        (after - before) / 1e6 / (SPEAKERS * hours),
        "MB",
        "lower",
        1,
        {"held MB/speaker": after / 1e6 / SPEAKERS},
        SPEAKERS,
    )


def figures() -> Iterator[Figure | NotMeasured]:
    """Measure speed beside the floor and beside voice-recv, and memory."""
    threadpool_limits(1, user_api="blas")
    yield over_floor()
    yield from against_voice_recv()
    yield memory()
