"""What a link does by the clock, beside hearing: keep the way open, look, show itself.

No thread and no clock: the voice thread calls, and says what time it is.
"""

import logging
from collections.abc import Sequence

from bot.voice.health import VoiceSnapshot
from bot.voice.line import Line
from bot.voice.listener import LinkState, Reports, Wire
from bot.voice.outage import Outage
from bot.voice.reception import Reception
from bot.voice.renewal import Renewal
from bot.voice.watch import Watch
from media.heard import Unheard
from media.hearing import HearingSnapshot

log = logging.getLogger(__name__)


class Upkeep:
    """Keepalives, looks for who is unheard, and what is done about it."""

    def __init__(
        self, reception: Reception, line: Line, outage: Outage, reports: Reports
    ) -> None:
        self._reception = reception
        self._line = line
        self._outage = outage
        self._reports = reports
        self.watch = Watch()
        self._renewal = Renewal(reception, self.watch)

    def begin(self, wire: Wire, now: float) -> None:
        """Start with another wire, which the line has been opened with."""
        self._renewal.begin()
        self._reception.keepalive.begin(wire.ssrc, now, wire.address)
        self.keep_alive(now)

    def keep_alive(self, now: float) -> None:
        """Send the keepalives that are due."""
        if self._line.is_open:
            reception = self._reception
            due = reception.keepalive.due(now, reception.datagrams, reception.sounds)
            self._line.send(due)

    def check(
        self, now: float, failures: int, hearing: HearingSnapshot
    ) -> Sequence[Unheard]:
        """Return who became unheard; have the session or the group begun anew.

        ``failures``: batches, ever, that ended in an error of our own.
        """
        reception, reports = self._reception, self._reports
        since = self._renewal.deaf_since(now) if self._line.is_open else None
        if since is not None:
            self._outage.begin(since)
            reports.rejoin()
        unheard = self.watch.check(now, reception, failures, hearing.speakers)
        if self._renewal.is_keyless(now):
            reports.rejoin()
        if reception.recovery.due(now):
            log.warning("voice: frames do not open; joining the group anew")
            reports.recover()
        return unheard

    def look(
        self, now: float, state: LinkState, failures: int, hearing: HearingSnapshot
    ) -> VoiceSnapshot:
        """Return the present counters."""
        reception, wire = self._reception, self._line.wire
        return VoiceSnapshot(
            taken_at=now,
            state=state,
            channel_id=wire.channel_id if wire else None,
            mode=wire.mode if wire else None,
            dave_version=reception.status.version,
            datagrams=reception.datagrams,
            ignored=dict(reception.ignored),
            anonymous=reception.anonymous,
            connects=self._line.connects,
            recoveries=reception.recovery.total,
            unanswered=reception.keepalive.unanswered,
            dead=reception.keepalive.dead,
            speakers=tuple(
                tally.health(user_id)
                for user_id, tally in sorted(reception.tallies.items())
            ),
            unheard=tuple(self.watch.unheard.values()),
            failures=failures,
            overrun=self._line.overrun,
            hearing=hearing,
        )
