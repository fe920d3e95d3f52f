"""When a voice session has to begin anew although its websocket lives.

What is wrong is found elsewhere: nothing comes in by UDP, or our address is another one
(``keepalive``), no sound of anybody comes (``announced``), or the transport key fits
nothing (``watch``). Here is how often that is worth another session, which costs the
room a second or two.

No thread and no clock: one thread calls and says what time it is.
"""

import logging
from math import inf

from bot.voice.reception import Reception
from bot.voice.watch import FAILING_PACKETS, NOBODY, Watch
from media.heard import UnheardReason

log = logging.getLogger(__name__)

KEYLESS_S = 30.0
"""Seconds between two sessions that are begun because the key fits nothing."""

SOUNDLESS_S = 60.0
"""Seconds between the first two sessions that are begun because no sound comes, or
would, though keepalives may be answered. After each it is twice as many."""

LONGEST_S = 3600.0
"""The most that these become."""


class Renewal:
    """Decides on sessions that begin because the present one is of no use."""

    def __init__(self, reception: Reception, watch: Watch) -> None:
        """Decide by what these two find."""
        self._reception = reception
        self._watch = watch
        self._keyless_at = -KEYLESS_S
        self._soundless_at, self._pause_s = -inf, 0.0
        self._sealed = 0
        """Datagrams that no key fitted, ever, when the present wire came."""

    def begin(self) -> None:
        """Start with another wire, or another key."""
        self._sealed = self._reception.ignored["transport"]

    def deaf_since(self, now: float) -> float | None:
        """Return since when nothing comes in that should, where it is time to act."""
        since = self._reception.keepalive.dead_since()
        if since is not None:
            log.warning("voice: nothing by UDP for %.0f s; joining anew", now - since)
            self._watch.deaf(since)
            return since
        soundless = self._watch.announced.soundless(now, self._reception.sounds)
        if soundless is None:
            soundless = self._reception.keepalive.moved_since()
        early = now - self._soundless_at < self._pause_s
        if soundless is None or early or self._watch.is_down:
            return None
        log.warning("voice: no sound for %.0f s; joining anew", now - soundless)
        self._soundless_at = now
        self._pause_s = min(LONGEST_S, max(SOUNDLESS_S, 2 * self._pause_s))
        return soundless

    def is_keyless(self, now: float) -> bool:
        """Say whether the key fits nothing that comes in, and it is time to act.

        Asked after the watch has looked.
        """
        sealed = self._reception.ignored["transport"] - self._sealed
        keyless = (NOBODY, UnheardReason.TRANSPORT) in self._watch.unheard
        if not keyless or sealed < FAILING_PACKETS:
            return False
        if now - self._keyless_at < KEYLESS_S:
            return False
        self._keyless_at = now
        log.warning("voice: the transport key fits nothing; joining anew")
        return True
