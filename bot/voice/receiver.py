"""The voice thread: datagrams in, heard facts out, every 20 to 100 ms.

    bell (orders) ─► intake (datagrams → facts) ─► Reports.heard

What runs where: everything in this module runs on the voice thread, except the
methods down to ``end``, which any thread may call: they queue an order. ``listen``,
``catch_up`` and ``changed`` are the event loop's, and tell it at once what it has to
know; all else in ``Reports`` is called on the voice thread.

Rules:

1. One beat of 20 to 100 ms takes everything that has arrived: with 25 speakers, 125
   datagrams for one wake-up and one fight for the GIL. It comes sooner where packets
   have been held for their order long enough. What goes on with a talk spurt is heard
   several beats at a time (``gathering``), when what else there is has been told.
2. The thread outlives its errors: a batch that fails is counted, and logged unless
   another was within a minute; keepalives, watch and snapshots go on even where every
   batch fails.
3. A UDP keepalive goes out every 5 s; without it Discord stops forwarding to a
   client that never speaks. Where the session is of no use any more, another one is
   begun (``renewal``).
4. No arithmetic is shared out to other threads: a receiver keeps BLAS from starting
   any, in the whole process. The talk detector's matrices are so small that waking
   another thread costs more than multiplying, and it then spins for more to do.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from threadpoolctl import threadpool_limits
from typing_extensions import override

from bot.voice import transport
from bot.voice.bell import Bell
from bot.voice.dave import DaveStatus
from bot.voice.health import VoiceSnapshot
from bot.voice.intake import Intake
from bot.voice.line import Line
from bot.voice.listener import LinkState, Reports, Wire
from bot.voice.outage import DOWN, Outage
from bot.voice.upkeep import Upkeep
from bot.voice.watch import CHECK_S
from media.consent import Consent
from media.hearing import Heard, Hearing
from media.ports import Ended

log = logging.getLogger(__name__)

IDLE_S = 0.05
"""Seconds between beats while nothing arrives."""

SNAPSHOT_S = 0.5
"""Seconds between two snapshots."""

LOGGED_S = 60.0
"""Seconds between two failed batches that are logged: where every one fails they would
fill the disk, which is the tracks'."""


class Receiver(threading.Thread):
    """One link's voice thread; a ``Listener`` for its connection."""

    def __init__(
        self, hearing: Hearing, now: Callable[[], float], reports: Reports
    ) -> None:
        """Prepare; ``now`` gives seconds of the Space on any thread."""
        super().__init__(name="voice", daemon=True)
        # Not on the voice thread: only the first thread that sets it ever can.
        threadpool_limits(1, user_api="blas")
        self._hearing = hearing
        self._now = now
        self._reports = reports
        self._intake = Intake(hearing)
        self._reception = self._intake.reception
        self._bell = Bell()
        self._line = Line(self._intake, self._bell, now)
        self._heard: list[Heard] = []
        self._ending = self._told_to_end = False
        self._checked_at = self._shown_at = 0.0
        self._beat_at = 0.0
        self._failures = 0
        self._logged_at = -LOGGED_S
        self._state = LinkState.IDLE
        self._outage = Outage()
        self._upkeep = Upkeep(self._reception, self._line, self._outage, reports)
        self._watch = self._upkeep.watch
        self.snapshot = self._look(now())

    # ------------------------------------------------- any thread: queue, then ring

    def listen(self, wire: Wire) -> None:
        """Hear this wire from now on."""
        if self._told_to_end:  # a handshake that was under way when the room left
            return
        try:
            duplicate = wire.socket.dup()
        except OSError as error:  # no descriptor left: connected, and deaf
            log.error("voice: no socket to hear with: %s", error.strerror)
            self._reports.rejoin()
            return
        duplicate.setblocking(False)
        self._bell.post(lambda: self._listen(wire, duplicate))

    def deafen(self) -> None:
        """Hear out the present wire and let go of it."""
        self._bell.post(self._hear_out)

    def renew(self) -> None:
        """Forget who had which SSRC."""
        self._bell.post(self._renew)

    async def catch_up(self) -> None:
        """Return when what has come until now is opened; on the event loop."""
        await self._bell.obeyed()  # before an order everything is heard

    def group(self, status: DaveStatus) -> None:
        """Open frames with this from now on."""
        self._bell.post(lambda: setattr(self._reception, "status", status))

    def identify(self, user_id: int, ssrc: int) -> None:
        """Attribute an SSRC to a member."""
        self._bell.post(lambda: self._reception.learn(user_id, ssrc, self._now()))

    def speaking(self, user_id: int) -> None:
        """Expect packets of a member."""
        self._bell.post(lambda: self._announce(user_id))

    def departed(self, user_id: int) -> None:
        """Expect no more packets of a member."""
        self._bell.post(lambda: self._depart(user_id))

    def server_deaf(self, on: bool) -> None:
        """Note whether a moderator has deafened us."""
        self._bell.post(lambda: self._server_deaf(on))

    def changed(self, state: LinkState, reason: str) -> None:
        """Note where the connection stands."""
        self._bell.post(lambda: self._note(state, reason))
        self._reports.changed(state, reason)

    def consent(self, user_id: int, level: Consent) -> None:
        """Set what a member allows."""
        self._bell.post(lambda: self._consent(user_id, level))

    def cut(self, user_id: int) -> None:
        """End a member's talk spurt now."""
        at = self._now()
        self._bell.post(lambda: self._cut(user_id, at))

    def record(self, on: bool) -> None:
        """Start or stop the tracks now."""
        at = self._now()
        self._bell.post(lambda: self._heard.extend(self._hearing.record(on, at)))

    def follow(self, on: bool) -> None:
        """Tell what is being said while it is said, or no more."""
        self._bell.post(lambda: self._hearing.follow(on))

    def release(self, user_id: int, take: Callable[[list[Ended]], None]) -> None:
        """Give ``take`` (on the voice thread) the member's tracks that have ended."""
        self._bell.post(lambda: take(self._hearing.release(user_id)))

    def end(self) -> None:
        """Hear out, close the hearing and let the thread end."""
        self._told_to_end = True
        self._bell.post(lambda: setattr(self, "_ending", True))

    @override
    def run(self) -> None:
        """Beat until the end."""
        while not self._ending:
            with self._outliving():
                self._wait()
                self._beat()
        with self._outliving():
            self._close()
        self._reports.ended()

    @contextmanager
    def _outliving(self) -> Iterator[None]:
        """Count and log an error: a bad batch must not deafen the room."""
        try:
            yield
        except Exception:
            self._failures += 1
            now = time.monotonic()
            if now - self._logged_at >= LOGGED_S:
                self._logged_at = now
                log.exception("voice: a batch failed; the receiver goes on")

    def _wait(self) -> None:
        """Sleep until there is something to do, and until a batch has gathered."""
        if self._intake.is_behind:
            return
        self._bell.wait(IDLE_S)
        gather = self._beat_at + self._intake.beat_s - time.monotonic()
        gather = min(gather, self._intake.deadline - self._now())
        if gather > 0 and not self._bell.rings:
            time.sleep(gather)

    def _beat(self) -> None:
        """Take what is there, once through the whole chain."""
        self._beat_at = time.monotonic()
        self._bell.obey(self._catch_up)
        now = self._now()
        try:
            self._intake.take(now, self._heard)
        finally:
            self._keep_house(now)

    def _keep_house(self, now: float) -> None:
        """Do what is due by the clock, and tell what was heard."""
        self._upkeep.keep_alive(now)
        if now - self._checked_at >= CHECK_S:
            self._check(now)
        if now - self._shown_at >= SNAPSHOT_S:
            self._shown_at = now
            self.snapshot = self._look(now)
        self._tell()

    def _catch_up(self) -> None:
        """Hear everything that came before an order is carried out."""
        self._intake.catch_up(self._now(), self._heard)

    def _tell(self) -> None:
        heard, self._heard = self._heard, []
        if heard:
            self._reports.heard(heard)

    def _check(self, now: float) -> None:
        self._checked_at = now
        hearing = self._hearing.snapshot()
        self._heard += self._upkeep.check(now, self._failures, hearing)
        self._shown_at = -inf  # whoever is told of something finds it in the snapshot

    def _look(self, now: float) -> VoiceSnapshot:
        hearing = self._hearing.snapshot()
        return self._upkeep.look(now, self._state, self._failures, hearing)

    def _listen(self, wire: Wire, duplicate: socket.socket) -> None:
        try:
            self._hear_out()
        finally:
            now = self._now()
            self._reception.key(transport.cipher(wire.mode, wire.key), now)
            self._reception.me = wire.user_id
            self._line.open(wire, duplicate)
            self._upkeep.begin(wire, now)

    def _hear_out(self) -> None:
        """Take what the present wire still holds, then let go of it.

        Callers do what they have to do even where that raises: it is done once.
        """
        self._line.close(self._catch_up)

    def _renew(self) -> None:
        try:
            self._hear_out()
        finally:
            reception = self._reception
            reception.renew()
            heard = (u for u, t in reception.tallies.items() if t.last_at is not None)
            self._watch.announced.renew(heard, self._now())

    def _announce(self, user_id: int) -> None:
        sounds = self._reception.sounds
        self._watch.announced.speaking(user_id, self._now(), sounds)

    def _depart(self, user_id: int) -> None:
        self._reception.leave(user_id, self._now())
        self._watch.departed(user_id)

    def _note(self, state: LinkState, reason: str) -> None:
        self._state = state
        now = self._now()
        self._watch.link(state not in DOWN, now)
        self._deafened(self._outage.note(state, reason, now))

    def _server_deaf(self, on: bool) -> None:
        now = self._now()
        self._watch.server_deaf(on, now)
        self._deafened(self._outage.deaf(on, now))

    def _deafened(self, outage: tuple[float, float] | None) -> None:
        if outage is not None:
            self._heard += self._hearing.deafened(*outage)

    def _cut(self, user_id: int, at: float) -> None:
        self._watch.announced.hushed(user_id)
        self._heard += self._hearing.cut(user_id, at)

    def _consent(self, user_id: int, level: Consent) -> None:
        allowed = level is not Consent.NOTHING
        self._reception.consent(user_id, allowed, since=self._now())
        self._heard += self._hearing.consent(user_id, level)

    def _close(self) -> None:
        """Take the last frames, close the hearing and the sockets."""
        try:
            self._hear_out()
        finally:
            now = self._now()
            self._deafened(self._outage.end(now))
            self._heard += self._hearing.close(now)
            self._state = LinkState.IDLE
            self.snapshot = self._look(now)
            self._tell()
            self._bell.close()
