"""The voice thread: datagrams in, heard facts out, every 20 to 100 ms.

    bell (orders) ─► intake (datagrams → facts) ─► Reports.heard

What runs where: everything in this module runs on the voice thread, except the
methods down to ``end``, which any thread may call: they only queue. The
callbacks in ``Reports`` are called on the voice thread, ``changed`` on the event loop.

Rules:

1. One beat of 20 to 100 ms takes everything that has arrived: with 25 speakers, 125
   datagrams for one wake-up and one fight for the GIL. It comes sooner where packets
   have been held for their order long enough. What goes on with a talk spurt is heard
   several beats at a time (``gathering``), when what else there is has been told.
2. The thread outlives its errors: a batch that fails is logged and counted, and
   keepalives, watch and snapshots go on even where every batch fails.
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
from collections.abc import Callable

from threadpoolctl import threadpool_limits
from typing_extensions import override

from bot.voice import transport
from bot.voice.bell import Bell
from bot.voice.buffer import overrun
from bot.voice.dave import DaveStatus
from bot.voice.health import VoiceSnapshot
from bot.voice.inbox import inbox
from bot.voice.intake import Intake
from bot.voice.listener import LinkState, Reports, Wire
from bot.voice.renewal import Renewal
from bot.voice.watch import CHECK_S, Watch
from media.consent import Consent
from media.hearing import Heard, Hearing
from media.ports import Track

log = logging.getLogger(__name__)

IDLE_S = 0.05
"""Seconds between beats while nothing arrives."""

SNAPSHOT_S = 0.5
"""Seconds between two snapshots."""


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
        self._watch = Watch()
        self._renewal = Renewal(self._reception, self._watch)
        self._bell = Bell()
        self._socket: socket.socket | None = None
        self._heard: list[Heard] = []
        self._ending = self._told_to_end = False
        self._checked_at = self._shown_at = 0.0
        self._beat_at = 0.0
        self._failures = 0
        self._connects = 0
        self._overrun = 0
        """Datagrams lost in the kernel on former sockets."""
        self._state, self._down_since = LinkState.IDLE, -1.0
        self._wire: Wire | None = None
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

    def release(self, user_id: int, take: Callable[[list[Track]], None]) -> None:
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
            try:
                self._wait()
                self._beat()
            except Exception:
                # A bad batch must not deafen the room.
                self._failures += 1
                log.exception("voice: a batch failed; the receiver goes on")
        try:
            self._close()
        finally:
            self._reports.ended()

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
        self._keep_alive(now)
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
        if self._socket is not None:
            self._look_for_sound(now)
        heard = self._hearing.snapshot().speakers
        self._heard += self._watch.check(now, self._reception, self._failures, heard)
        if self._renewal.is_keyless(now):
            self._reports.rejoin()
        if self._reception.recovery.due(now):
            log.warning("voice: frames do not open; joining the group anew")
            self._reports.recover()

    def _look_for_sound(self, now: float) -> None:
        """Begin another session where nothing comes in that should."""
        since = self._renewal.deaf_since(now)
        if since is None:
            return
        if self._down_since < 0:
            self._down_since = since
        self._reports.rejoin()

    def _keep_alive(self, now: float) -> None:
        if self._socket is None:
            return
        for datagram in self._reception.keepalive.due(now, self._reception.datagrams):
            try:
                self._socket.send(datagram)
            except OSError as error:  # a hiccup, or the answers will be missed
                log.debug("voice: keepalive not sent: %s", error)

    def _listen(self, wire: Wire, duplicate: socket.socket) -> None:
        self._hear_out()
        now = self._now()
        self._reception.key(transport.cipher(wire.mode, wire.key), now)
        self._reception.me = wire.user_id
        self._socket, self._wire = duplicate, wire
        self._intake.inbox = inbox(duplicate, self._now)
        self._bell.watch(duplicate)
        self._connects += 1
        self._renewal.begin()
        self._reception.keepalive.begin(wire.ssrc, now)
        self._keep_alive(now)

    def _hear_out(self) -> None:
        """Take what the present wire still holds, then let go of it."""
        former, self._socket = self._socket, None
        if former is None:
            return
        try:
            self._catch_up()
        finally:
            self._intake.inbox = None
            self._overrun += overrun(former)
            self._bell.forget(former)
            former.close()

    def _renew(self) -> None:
        self._hear_out()
        self._reception.renew()
        heard = (u for u, t in self._reception.tallies.items() if t.last_at is not None)
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
        down = state in (LinkState.RECONNECTING, LinkState.LOST)
        self._watch.link(not down, now)
        if down and self._down_since < 0:
            self._down_since = now
        elif state is LinkState.CONNECTED and self._down_since >= 0:
            since, self._down_since = self._down_since, -1.0
            if reason != "resumed":  # sound goes on over a resume
                self._heard += self._hearing.deafened(since, now)

    def _cut(self, user_id: int, at: float) -> None:
        self._watch.announced.hushed(user_id)
        self._heard += self._hearing.cut(user_id, at)

    def _consent(self, user_id: int, level: Consent) -> None:
        self._reception.consent(user_id, level is not Consent.NOTHING)
        self._heard += self._hearing.consent(user_id, level)

    def _close(self) -> None:
        """Take the last frames, close the hearing and the sockets."""
        self._hear_out()
        now = self._now()
        if 0 <= self._down_since < now - CHECK_S:  # and not just because we leave
            self._heard += self._hearing.deafened(self._down_since, now)
        self._heard += self._hearing.close(now)
        self._state = LinkState.IDLE
        self.snapshot = self._look(now)
        self._tell()
        self._bell.close()

    def _look(self, now: float) -> VoiceSnapshot:
        """Return the present counters."""
        reception, wire = self._reception, self._wire
        return VoiceSnapshot(
            taken_at=now,
            state=self._state,
            channel_id=wire.channel_id if wire else None,
            mode=wire.mode if wire else None,
            dave_version=reception.status.version,
            datagrams=reception.datagrams,
            ignored=dict(reception.ignored),
            anonymous=reception.anonymous,
            connects=self._connects,
            recoveries=reception.recovery.total,
            unanswered=reception.keepalive.unanswered,
            dead=reception.keepalive.dead,
            speakers=tuple(
                tally.health(user_id)
                for user_id, tally in sorted(reception.tallies.items())
            ),
            unheard=tuple(self._watch.unheard.values()),
            failures=self._failures,
            overrun=self._overrun + (overrun(self._socket) if self._socket else 0),
            hearing=self._hearing.snapshot(),
        )
