"""The receiver live: real sockets, real threads, 25 people with DAVE, recorded.

A process of its own sends in real time; the receiver's voice thread does everything it
does in a Space: both decryptions, playout, tracks, Opus to 16 kHz, detection, spurts.
Figures are CPU time of that thread; machines that are busy otherwise make it dearer.
"""

import multiprocessing
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
from tests.benchmarks.c_floor import floor_s
from tests.benchmarks.crowd import KEY, ME, SPEAKERS, Crowd
from tests.figures import Figure

LIVE_S = 20.0
ONSET_S = 24.0
TICK_S = 0.02


def send(port: int, ticks: Sequence[Sequence[bytes]], start: float) -> None:
    """Send each tick's datagrams at its time; the body of the sending process."""
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect(("127.0.0.1", port))
    for number, tick in enumerate(ticks):
        wait = start + number * TICK_S - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        for datagram in tick:
            out.send(datagram)


@dataclass
class Run:
    """What one live run brought."""

    opened: int = 0
    cpu_s: float = 0.0
    started: list[tuple[float, float]] = field(default_factory=list)
    """Talk spurts: when they were reported, and where they begin (seconds)."""


def listen(crowd: Crowd, folder: Path) -> Run:
    """Receive a crowd in real time, recording, and return what it cost."""
    run = Run()
    gone = threading.Event()

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
        Reports(heard, lambda *_: None, lambda: None, gone.set),
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
        before = cpu(receiver)
        sender = multiprocessing.get_context("fork").Process(
            target=send,
            args=(inlet.getsockname()[1], crowd.ticks, time.monotonic() + 0.5),
        )
        sender.start()
        sender.join()
        time.sleep(0.5)
        run.cpu_s = cpu(receiver) - before
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
    """Measure three live runs: talking, beside a busy thread, and onsets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        floor = sum(floor_s(Crowd(4.5)).values())
        crowd = Crowd(LIVE_S)
        run = listen(crowd, folder / "talk")
        per_packet = run.cpu_s / max(1, run.opened)
        yield Figure(
            "voice.cpu_over_floor_live",
            per_packet / floor,
            "×",
            "lower",
            1.8,
            {"receiver µs/packet": per_packet * 1e6, "floor µs/packet": floor * 1e6},
            run.opened,
        )
        yield Figure(
            "voice.lost_packets_25",
            crowd.count - run.opened,
            "packets",
            "lower",
            0,
            n=crowd.count,
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


if __name__ == "__main__":
    for figure in figures():
        sys.stdout.write(f"{figure}\n")
