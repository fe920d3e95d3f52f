"""What a real client sends, held against what Discord and RFC 3550 ask of it.

Sound that breaks a rule of the protocol is often heard all the same, and fails in some
client or on some day. So each breach is counted under a name, and a test can ask for
none. Times are seconds of the event loop's clock.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum

from bot.rehearsal.sfu.rtp import FRAME_TICKS, SILENCE, Opened

RATE_HZ = 48_000
EARLY_S = 0.5
"""Seconds that packets may run ahead of their own timestamps.

The server shares its loop with MLS work, and may itself have been late at the first."""

ANNOUNCED_S = 0.5
"""Seconds in which op 5 may come after the first packet: it travels by TCP."""

_HALF = 1 << 31
_DAVE_MARKER = b"\xfa\xfa"


class Breach(Enum):
    """A rule that a packet broke."""

    UNANNOUNCED = "unannounced"
    """Sent without any op 5: Discord closes such connections."""
    SEQUENCE = "sequence"
    """Not the one after the packet before."""
    TIMESTAMP = "timestamp"
    """Not later than the packet before, or off the grid of 20 ms."""
    NONCE = "nonce"
    """One that this key has sealed with before, or an older one."""
    UNENCRYPTED = "unencrypted"
    """Plain sound where DAVE is in force: no other client would play it."""
    EARLY = "early"
    """A burst: ahead of its own clock by more than ``EARLY_S``."""
    NO_SILENCE = "no_silence"
    """It paused (op 5, speaking 0) and its last frame was not silence."""


class Inspection:
    """Follows one client's stream in one session."""

    def __init__(self) -> None:
        self.packets = 0
        self._breaches: Counter[Breach] = Counter()
        self._announced = False
        self._unannounced_since: float | None = None
        self._last: Opened | None = None
        self._nonce = -1
        self._lead: tuple[int, float] | None = None

    def breaches(self, now: float) -> Counter[Breach]:
        """Return how often each rule was broken."""
        since = self._unannounced_since
        late = since is not None and now - since > ANNOUNCED_S
        return self._breaches + Counter({Breach.UNANNOUNCED: int(late)})

    def speaking(self, on: bool, now: float) -> None:
        """Take an op 5."""
        last = self._last
        if on:
            self._breaches = self.breaches(now)
            self._unannounced_since = None
            self._announced, self._lead = True, None
        elif last is not None and self._announced and last.payload != SILENCE:
            self._breaches[Breach.NO_SILENCE] += 1

    def take(self, packet: Opened, now: float, *, dave: bool) -> bool:
        """Check a packet; False = others could not hear it, so it goes no further."""
        self.packets += 1
        if not self._announced and self._unannounced_since is None:
            self._unannounced_since = now
        self._check_counters(packet)
        self._check_pace(packet, now)
        self._last = packet
        plain = packet.payload != SILENCE and packet.payload[-2:] != _DAVE_MARKER
        if dave and plain:
            self._breaches[Breach.UNENCRYPTED] += 1
        return not (dave and plain)

    def _check_counters(self, packet: Opened) -> None:
        if packet.nonce <= self._nonce:
            self._breaches[Breach.NONCE] += 1
        self._nonce = max(self._nonce, packet.nonce)
        last = self._last
        if last is None:
            return
        if packet.sequence != (last.sequence + 1) & 0xFFFF:
            self._breaches[Breach.SEQUENCE] += 1
        step = (packet.timestamp - last.timestamp) & 0xFFFF_FFFF
        if not 0 < step < _HALF or step % FRAME_TICKS:
            self._breaches[Breach.TIMESTAMP] += 1

    def _check_pace(self, packet: Opened, now: float) -> None:
        """Compare its own clock with ours since the stream began to speak."""
        if self._lead is None:
            self._lead = packet.timestamp, now
            return
        first, since = self._lead
        ticks = (packet.timestamp - first) & 0xFFFF_FFFF
        if ticks < _HALF and ticks / RATE_HZ - (now - since) > EARLY_S:
            self._breaches[Breach.EARLY] += 1
