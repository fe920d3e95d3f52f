"""A sound on its way out, packet by packet, at the pace of its own clock.

What runs where: ``run`` takes the packets on a thread of its own (``playing`` gives
it one), waits for each one's moment and hands it to the ``Sender``. So neither the
event loop nor the voice thread ever waits for a sound; it is pulled on that thread,
too, and may be made while it plays.

Rules:

1. A packet is due when those before it have been heard. A thread that wakes up late by
   more than ``LATE_S`` goes on from there: a burst would be thrown away by every
   listener's jitter buffer.
2. While nothing can be sent the sound waits, for ``PATIENCE_S`` at most.
3. Every sound ends with five frames of silence, also one that was stopped: without
   them the listeners' decoders invent a tail.
"""

import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bot.voice.sending import Held, Sender
from media.heard import FRAME_S, SILENCE
from media.toc import frames_of

TRAILING_SILENCE = 5
"""Frames (Discord, "Voice Connections", voice data interpolation)."""

LATE_S = 0.1
"""Seconds late from which on the rest of the sound moves with it."""

PATIENCE_S = 5.0
"""Seconds that a sound waits for a connection or an encryption group."""

SWITCH_S = 1.0
"""Seconds that it waits for the others to change their keys."""


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a sound."""

    packets: int
    """Packets sent, silence at the end not counted."""

    lasted_s: float
    """Seconds of sound in them."""

    waited_s: float
    """Seconds that it waited for a connection or for keys."""

    held: Held | None = None
    """What ended it before its end; None where nothing did, or ``stop``."""


class Player:
    """Sends one sound, once."""

    def __init__(self, sender: Sender, sound: Iterable[bytes]) -> None:
        """Prepare; ``sound``: Opus packets of whole 20 ms frames."""
        self._sender = sender
        self._sound = sound
        self._stopped = threading.Event()
        self._slot = 0
        """20 ms of the monotonic clock in which the next packet is due."""
        self._packets = self._frames = self._waited = 0

    def stop(self) -> None:
        """End the sound at the next packet, with its silence; any thread may."""
        self._stopped.set()

    def run(self) -> Played:
        """Play to the end. Raise ValueError for what is no Opus packet.

        What the sound itself raises passes through.
        """
        self._slot = math.ceil(time.monotonic() / FRAME_S)
        try:
            held = self._play()
        finally:
            self._finish()
        lasted_s, waited_s = self._frames * FRAME_S, self._waited * FRAME_S
        return Played(self._packets, lasted_s, waited_s, held)

    def _play(self) -> Held | None:
        for opus in self._sound:
            frames = frames_of(opus)
            if frames == 0:
                raise ValueError("no Opus packet of whole 20 ms frames")
            self._wait()
            held = self._get_out(opus, frames)
            if held is not None or self._stopped.is_set():
                return held
        return None

    def _wait(self) -> None:
        """Sleep until the next packet is due, or until the sound is stopped."""
        early_s = self._slot * FRAME_S - time.monotonic()
        if early_s > 0:
            self._stopped.wait(early_s)
        elif early_s < -LATE_S:
            self._slot += math.ceil(-early_s / FRAME_S)

    def _get_out(self, opus: bytes, frames: int) -> Held | None:
        """Send a packet as soon as that can be; return why it never could."""
        waited = 0
        while not self._stopped.is_set():
            hasty = waited * FRAME_S >= SWITCH_S
            held = self._sender.send(opus, self._slot, hasty=hasty)
            if held is None:
                self._packets += 1
                self._frames += frames
                self._slot += frames
            if held is None or waited * FRAME_S >= PATIENCE_S:
                self._waited += waited
                return held
            self._stopped.wait(FRAME_S)
            self._slot += 1
            waited += 1
        return None

    def _finish(self) -> None:
        """Send the silence that ends a sound."""
        for _ in range(TRAILING_SILENCE if self._packets else 0):
            time.sleep(max(0.0, self._slot * FRAME_S - time.monotonic()))
            if self._sender.send(SILENCE, self._slot) is not None:
                return
            self._slot += 1
