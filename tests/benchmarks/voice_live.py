"""The receiver live: real sockets, real threads, 25 people with DAVE, recorded.

A process of its own sends in real time; the receiver's voice thread does everything it
does in a Space: both decryptions, playout, tracks, Opus to 16 kHz, detection, spurts.
Figures are CPU time of that thread, the least of some runs, because a machine that is
busy otherwise makes it dearer.

The floor is that of ``voice_inline``, by a thread that sleeps before each batch as the
receiver must: whoever is woken ten times a second finds caches and processor cold, and
the very same calls then cost up to one and a half times as much. The floor that never
sleeps, and the ratio to it, are printed beside.

``python -m tests.benchmarks.voice_live 600 [busy]`` runs so many seconds at a stretch,
beside a busy thread or not, and prints what was lost, onsets and memory.
"""

import contextlib
import gc
import multiprocessing
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bot.voice import transport
from bot.voice.dave import DaveStatus
from bot.voice.listener import Reports, Wire
from bot.voice.receiver import Receiver
from media.consent import Consent
from media.heard import Heard, SpurtStarted
from media.hearing import Hearing, HearingSettings
from media.opus import OpusDecoder
from media.tracks import OggFolder
from media.vad import WebrtcVad
from tests.benchmarks.c_floor import floor_s, least_floor_us
from tests.benchmarks.crowd import KEY, ME, SPEAKERS, Crowd, counted
from tests.benchmarks.resident import resident_mb
from tests.figures import Figure

LIVE_S = 10.0
RUNS = 3
ONSET_S = 24.0
FLOOR_S = 3.6
WOKEN_S = 0.1
"""Seconds of sleep before each batch of the floor: the beat in a full room."""
SETTLED_S = 60.0
"""Seconds of a long run after which memory is compared."""

TICK_S = 0.02


def send(
    port: int, ticks: Sequence[Sequence[bytes]], start: float, late_s: Synchronized
) -> None:
    """Send each tick's datagrams at its time; the body of the sending process.

    ``late_s`` becomes by how much it was late at most.
    """
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect(("127.0.0.1", port))
    for number, tick in enumerate(ticks):
        wait = start + number * TICK_S - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        late_s.value = max(late_s.value, -wait)
        for datagram in tick:
            out.send(datagram)


@dataclass
class Run:
    """What one live run brought."""

    opened: int = 0
    cpu_s: float = 0.0
    """Of the voice thread."""

    threads_s: float = 0.0
    """Of all threads but the one that waits: those that open and sync tracks, too."""

    settled_mb: float = 0.0
    """Memory of the process ``SETTLED_S`` after the start, where it ran as long."""

    ended_mb: float = 0.0
    sent_late_s: float = 0.0
    """By how much the sender was late at most: what it lost is no receiver's fault."""
    started: list[tuple[float, float]] = field(default_factory=list)
    """Talk spurts: when they were reported, and where they begin (seconds)."""


def listen(crowd: Crowd, folder: Path) -> Run:
    """Receive a crowd in real time, recording, and return what it cost."""
    run = Run()
    gone = threading.Event()
    gc.freeze()  # as the bot does

    def heard(facts: list[Heard]) -> None:
        now = time.monotonic() - opened_at
        run.started += [(now, f.at) for f in facts if isinstance(f, SpurtStarted)]

    opened_at = time.monotonic()
    tracks = OggFolder(folder)
    hearing = Hearing(
        HearingSettings(), tracks=tracks, new_decoder=OpusDecoder, new_vad=WebrtcVad
    )
    receiver = Receiver(
        hearing,
        lambda: time.monotonic() - opened_at,
        Reports(
            heard=heard,
            changed=lambda *_: None,
            recover=lambda: None,
            rejoin=lambda: None,
            ended=gone.set,
        ),
    )
    receiver.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inlet:
        inlet.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        inlet.bind(("127.0.0.1", 0))
        inlet.setblocking(False)
        receiver.renew()
        receiver.listen(Wire(inlet, transport.AES_GCM, KEY, 77, ME, ssrc=1))
        receiver.group(DaveStatus(crowd.session, 1, 1))
        for user_id in range(1, SPEAKERS + 1):
            receiver.consent(user_id, Consent.AUDIO)
            receiver.identify(user_id, 1000 + user_id)
        receiver.record(True)
        before, before_all = cpu(receiver), time.process_time() - time.thread_time()
        fork = multiprocessing.get_context("fork")
        late_s = fork.Value("d", 0.0)
        port, start = inlet.getsockname()[1], time.monotonic() + 0.5
        sender = fork.Process(target=send, args=(port, crowd.ticks, start, late_s))
        sender.start()
        sender.join(SETTLED_S)
        run.settled_mb = resident_mb()
        sender.join()
        time.sleep(0.5)
        run.ended_mb = resident_mb()
        run.sent_late_s = late_s.value
        run.cpu_s = cpu(receiver) - before
        run.threads_s = time.process_time() - time.thread_time() - before_all
        receiver.end()
        gone.wait(10.0)
    run.opened = sum(s.opened for s in receiver.snapshot.speakers)
    return run


def cpu(thread: threading.Thread) -> float:
    """Return the CPU seconds of a living thread."""
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


class BusyThread:
    """Pure Python that never rests, in the receiver's own process."""

    def __enter__(self) -> "BusyThread":
        """Begin to spin."""
        self._on = True
        self._thread = threading.Thread(target=self._spin)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._on = False
        self._thread.join()

    def _spin(self) -> None:
        number = 0
        while self._on:
            number = (number * 31 + 7) % 1_000_003


def onset_ms(run: Run) -> list[float]:
    """Return ms from where a spurt begins to its report, the onset taken off.

    A spurt begins at the arrival of its first packet, as the timeline has it.
    """
    onset = HearingSettings().spurts.onset_s
    return sorted((now - begins - onset) * 1000 for now, begins in run.started)


def figures() -> Iterator[Figure]:
    """Measure live runs: talking, beside a busy thread, and onsets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        crowd, short = Crowd(LIVE_S), Crowd(FLOOR_S)
        costs_us: list[float] = []
        threads_us: list[float] = []
        floors_us: list[float] = []
        lost = 0
        for number in range(RUNS):
            short.say()
            woken = floor_s(short, every_s=WOKEN_S)
            floors_us.append(1e6 * sum(map(sum, woken.values())) / counted(short.ticks))
            crowd.say()
            run = listen(crowd, folder / str(number))
            costs_us.append(1e6 * run.cpu_s / max(1, run.opened))
            threads_us.append(1e6 * run.threads_s / max(1, run.opened))
            lost += crowd.count - run.opened
        awake_us = sum(least_floor_us(short).values())
        yield Figure(
            "voice.cpu_over_floor_live",
            min(costs_us) / min(floors_us),
            "×",
            "lower",
            1.8,
            {
                "receiver µs/packet": min(costs_us),
                "median of the runs": statistics.median(costs_us),
                "with the threads that keep tracks": min(threads_us),
                "floor, woken as often, µs/packet": min(floors_us),
                "floor that never sleeps µs/packet": awake_us,
                "× over the floor that never sleeps": min(costs_us) / awake_us,
            },
            RUNS * crowd.count,
        )
        yield Figure(
            "voice.lost_packets_25", lost, "packets", "lower", 0, n=RUNS * crowd.count
        )
        yield busy(folder / "busy")
        yield onsets(folder / "onsets")


def busy(folder: Path) -> Figure:
    """Measure what is lost beside a thread that never lets go of the GIL by itself."""
    crowd = Crowd(10.0)
    with BusyThread():
        run = listen(crowd, folder)
    lost = 100 * (crowd.count - run.opened) / crowd.count
    return Figure(
        "voice.lost_percent_beside_busy_thread", lost, "%", "lower", 1, n=crowd.count
    )


def onsets(folder: Path) -> Figure:
    """Measure how long after the configured onset a talk spurt is reported."""
    late = onset_ms(listen(Crowd(ONSET_S, pauses=True), folder))
    return Figure(
        "voice.onset_p99_ms",
        late[round(0.99 * (len(late) - 1))],
        "ms",
        "lower",
        120,
        {"median": statistics.median(late)},
        len(late),
    )


def long_run(seconds: float, *, beside_busy: bool) -> Iterator[str]:
    """Receive for so long at a stretch; yield what is worth knowing, line by line."""
    crowd = Crowd(seconds)
    with (
        tempfile.TemporaryDirectory() as name,
        BusyThread() if beside_busy else contextlib.nullcontext(),
    ):
        run = listen(crowd, Path(name))
    lost = crowd.count - run.opened
    yield f"{crowd.count} packets, {lost} lost ({100 * lost / crowd.count:.3f} %)"
    yield f"the sender was late by up to {1000 * run.sent_late_s:.0f} ms"
    yield f"{1e6 * run.cpu_s / max(1, run.opened):.1f} µs a packet"
    if late := onset_ms(run):
        p99 = late[round(0.99 * (len(late) - 1))]
        yield f"{len(late)} onsets: {statistics.median(late):.0f} ms, p99 {p99:.0f}"
    if seconds > SETTLED_S:
        hours = SPEAKERS * (seconds - SETTLED_S) / 3600
        grown = run.ended_mb - run.settled_mb
        yield f"{run.ended_mb:.1f} MB, {grown / hours:+.2f} MB a speaker-hour"


if __name__ == "__main__":
    for line in long_run(float(sys.argv[1]), beside_busy="busy" in sys.argv[2:]):
        sys.stdout.write(f"{line}\n")
