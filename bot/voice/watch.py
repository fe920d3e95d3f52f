"""Who speaks unheard: the receiver's own look at its counters, once a second.

No thread and no clock: one thread calls, and says what time it is. Rules:

1. Whoever speaks unheard is reported within 10 s, once, until heard again or gone.
2. Silence is no trouble: a report needs packets that fail, or Discord's word that
   somebody speaks and no packet at all.
3. Frames on hold for a key count as failed until they open, and silence frames, which
   need none, acquit nobody: the host is not told that all is well because something
   may still come, or because nothing does any more.
4. What Discord's word is worth stands in ``announced``.
"""

from collections.abc import Iterable

from bot.voice.announced import Announced
from bot.voice.reception import Reception
from bot.voice.tally import Tally
from media.heard import Unheard, UnheardReason
from media.hearing import SpeakerCounters

CHECK_S = 1.0
"""Seconds between looks."""

FAILING_PACKETS = 10
"""Failed packets in one look that make it a bad one: 0.2 s of speech."""

GOOD_PACKETS = 5
"""Opened packets in one look that acquit, when few failed."""

BAD_LOOKS = 3
"""Bad looks before a report; looks without packets count for nothing."""

REMARK_S = 6.0
"""Seconds after one bad look that make it a report all the same, if nothing was heard
since: what was said may have been short."""

QUIET_LOOKS = 10
"""Looks without packets after which a stream that nobody owns is over."""

DOWN_S = 8.0
"""Seconds without a link."""

NOBODY = 0
"""User id of a report that concerns no known member."""


class _Trouble:
    """Looks at one counter pair: good and failed packets, both growing."""

    def __init__(self, quiet_looks: int | None = None) -> None:
        """Begin at zero; ``quiet_looks`` without packets end a trouble."""
        self._good = self._failed = 0
        self._bad_looks = self._quiet = 0
        self._most_quiet = quiet_looks
        self._since = 0.0
        self._over = False

    def end(self) -> None:
        """Let it be over, with what came since the last look."""
        self._bad_looks, self._over = 0, True

    def look(self, now: float, good: int, failed: int) -> float | None:
        """Return since when there is trouble, None while there is none."""
        opened, missed = good - self._good, failed - self._failed
        self._good, self._failed = good, failed
        if self._over:
            self._over = False
            return None
        self._quiet = 0 if opened or missed else self._quiet + 1
        if missed >= FAILING_PACKETS and missed > opened:
            if self._bad_looks == 0:
                self._since = now - CHECK_S
            self._bad_looks += 1
        elif opened >= GOOD_PACKETS or self._quiet == self._most_quiet:
            self._bad_looks = 0
        enough = self._bad_looks >= BAD_LOOKS or now - self._since >= REMARK_S
        return self._since if self._bad_looks and enough else None


class Watch:
    """Finds who is unheard."""

    def __init__(self) -> None:
        self.announced = Announced()
        """Discord's words that somebody speaks."""
        self._troubles: dict[tuple[int, UnheardReason], _Trouble] = {}
        self._down_since: float | None = None
        self._down_for_sure = False
        self._deaf_since: float | None = None
        self._failures = self._failed_looks = 0
        self._failed_since = 0.0
        self.unheard: dict[tuple[int, UnheardReason], Unheard] = {}

    @property
    def is_down(self) -> bool:
        """Say whether there is no voice connection, by what was noted."""
        return self._down_since is not None

    def departed(self, user_id: int) -> None:
        """Drop what was noted: the member left."""
        self.announced.departed(user_id)
        for key, trouble in self._troubles.items():
            if key[0] == user_id:
                trouble.end()
        for key in [key for key in self.unheard if key[0] == user_id]:
            del self.unheard[key]

    def link(self, up: bool, now: float) -> None:
        """Note whether there is a voice connection."""
        if up:
            self._down_since, self._down_for_sure = None, False
            self.announced.open(now)
        elif self._down_since is None:
            self._down_since = now

    def server_deaf(self, on: bool, now: float) -> None:
        """Note whether a moderator has deafened us."""
        if not on:
            self._deaf_since = None
        elif self._deaf_since is None:
            self._deaf_since = now
            self.announced.forget()

    def deaf(self, since: float) -> None:
        """Note that nothing comes in, and that it is not for want of talk."""
        self.link(False, since)
        self._down_for_sure = True

    def check(
        self,
        now: float,
        reception: Reception,
        failures: int = 0,
        heard: Iterable[SpeakerCounters] = (),
    ) -> list[Unheard]:
        """Return who became unheard since the last look, and is told of by nobody else.

        ``failures``: batches, ever, that ended in an error of our own. ``heard``: what
        the hearing made of what was opened.
        """
        found: dict[tuple[int, UnheardReason], float] = {}
        for user_id, tally in reception.tallies.items():
            self._look_at(user_id, tally, now, reception, found)
        self._look_at_strangers(now, reception, found)
        self._look_at_absent(now, reception, found)
        self._look_at_ourselves(now, failures, found)
        self._look_at_noise(now, heard, found)
        new = [
            Unheard(user_id, why, since)
            for (user_id, why), since in found.items()
            if (user_id, why) not in self.unheard
            and why is not UnheardReason.CORRUPT  # the hearing has told of it
        ]
        self.unheard = {
            key: self.unheard.get(key) or Unheard(*key, since)
            for key, since in found.items()
        }
        return new

    def _look_at(
        self,
        user_id: int,
        tally: Tally,
        now: float,
        reception: Reception,
        found: dict[tuple[int, UnheardReason], float],
    ) -> None:
        """Look at one member's packets."""
        key = (user_id, UnheardReason.DAVE)
        since = self._look(key, now, tally.good, tally.missed)
        if since is not None:
            gave_up = user_id in reception.recovery.given_up
            why = UnheardReason.DAVE_GAVE_UP if gave_up else UnheardReason.DAVE
            found[(user_id, why)] = since

    def _look_at_strangers(
        self,
        now: float,
        reception: Reception,
        found: dict[tuple[int, UnheardReason], float],
    ) -> None:
        """Look at packets that could not be attributed, or not even opened."""
        good = sum(t.opened + t.withheld for t in reception.tallies.values())
        unknown = (NOBODY, UnheardReason.UNKNOWN_SSRC)
        transport = (NOBODY, UnheardReason.TRANSPORT)
        for key, good_, failed in (
            (unknown, 0, reception.anonymous),
            (transport, good, reception.ignored["transport"]),
        ):
            since = self._look(key, now, good_, failed)
            if since is not None:
                found[key] = since

    def _look(
        self, key: tuple[int, UnheardReason], now: float, good: int, failed: int
    ) -> float | None:
        trouble = self._troubles.get(key)
        if trouble is None:
            quiet = QUIET_LOOKS if key[1] is UnheardReason.UNKNOWN_SSRC else None
            trouble = self._troubles[key] = _Trouble(quiet)
        return trouble.look(now, good, failed)

    def _look_at_absent(
        self,
        now: float,
        reception: Reception,
        found: dict[tuple[int, UnheardReason], float],
    ) -> None:
        """Look for packets that should be there and are not."""
        if self._down_since is not None:
            if self._down_for_sure or now - self._down_since >= DOWN_S:
                found[(NOBODY, UnheardReason.LINK_DOWN)] = self._down_since
            return
        if self._deaf_since is not None:
            found[(NOBODY, UnheardReason.DEAFENED)] = self._deaf_since
            return
        for user_id, since in self.announced.unheard(now, reception).items():
            found[(user_id, UnheardReason.NO_PACKETS)] = since

    def _look_at_ourselves(
        self, now: float, failures: int, found: dict[tuple[int, UnheardReason], float]
    ) -> None:
        """Look whether what opens gets no further."""
        failed, self._failures = failures > self._failures, failures
        if not failed:
            self._failed_looks = 0
            return
        if self._failed_looks == 0:
            self._failed_since = now - CHECK_S
        self._failed_looks += 1
        if self._failed_looks >= BAD_LOOKS:
            found[(NOBODY, UnheardReason.FAILURE)] = self._failed_since

    def _look_at_noise(
        self,
        now: float,
        heard: Iterable[SpeakerCounters],
        found: dict[tuple[int, UnheardReason], float],
    ) -> None:
        """Look at packets that opened and hold no sound."""
        for one in heard:
            key = (one.user_id, UnheardReason.CORRUPT)
            since = self._look(key, now, one.packets - one.corrupt, one.corrupt)
            if since is not None:
                found[key] = since
