"""The ledger of talk: intervals per speaker, as they are heard.

Rule 1: talk is what was heard as speech in somebody's own stream; a pause of up to
0.2 s in it counts (``media.intervals``). Packets and open microphones do not.
Rule 2: what was said while muted or suppressed never counts, in whatever order the
facts arrive, not even for the moment until a spurt has ended.
Rule 3: a person is a user id: leaving, joining again and new streams change nothing.
Rule 4: somebody deafened is present and does not listen.
Rule 5: the ledger can be filled again from stored rows; what is open at a crash ends
there.

Times are seconds of the Space.
"""

from collections.abc import Iterable, Mapping

from media.intervals import (
    PAUSE_S,
    Interval,
    Intervals,
    clipped,
    joined,
    seconds,
    subtraction,
    union,
)
from moderation.roles import Role


class Stretches:
    """Times during which something held for one member."""

    def __init__(self) -> None:
        """Begin with never."""
        self._closed: list[Interval] = []
        self._since: float | None = None

    def begin(self, at: float) -> None:
        """Let it hold from ``at`` on; it may already."""
        if self._since is None:
            self._since = at

    def end(self, at: float) -> None:
        """Let it hold no more from ``at`` on."""
        if self._since is not None and at > self._since:
            self._closed.append((self._since, at))
        self._since = None

    def copy(self) -> "Stretches":
        """Return the same times, apart from these."""
        other = Stretches()
        other._closed, other._since = list(self._closed), self._since
        return other

    def until(self, now: float) -> Intervals:
        """Return the times so far, an open one up to ``now``."""
        still = [] if self._since is None else [(self._since, now)]
        return union(self._closed, still)


class TalkLedger:
    """Everybody's talk in one Space."""

    def __init__(self) -> None:
        """Begin with silence."""
        self._talk: dict[int, list[Interval]] = {}
        self._seconds: dict[int, float] = {}
        self._open: dict[int, float] = {}
        self._silenced: dict[int, Stretches] = {}
        self._listening: dict[int, Stretches] = {}
        self._roles: dict[int, list[tuple[float, Role]]] = {}

    @classmethod
    def replayed(cls, rows: Iterable[tuple[int, float, float]]) -> "TalkLedger":
        """Fill a ledger from stored (user id, start, end) rows, in any order."""
        ledger = cls()
        for user_id, start, end in sorted(rows, key=lambda row: row[1]):
            ledger.heard(user_id, [(start, end)])
        return ledger

    def copy(self) -> "TalkLedger":
        """Return the ledger as it stands, for another thread to count in."""
        other = TalkLedger()
        other._talk = {user: list(talk) for user, talk in self._talk.items()}
        other._seconds, other._open = dict(self._seconds), dict(self._open)
        other._silenced = {user: s.copy() for user, s in self._silenced.items()}
        other._listening = {user: s.copy() for user, s in self._listening.items()}
        other._roles = {user: list(roles) for user, roles in self._roles.items()}
        return other

    def began(self, user_id: int, at: float) -> None:
        """Note that somebody is talking since ``at``; ``heard`` closes it."""
        self._open.setdefault(user_id, at)

    def heard(self, user_id: int, talk: Iterable[Interval]) -> Intervals:
        """Take in the talk of a finished spurt; return what of it counts."""
        self._open.pop(user_id, None)
        counted = self._allowed(user_id, tuple(talk))
        for start, end in counted:
            self._add(user_id, start, end)
        return counted

    def silence(self, user_id: int, at: float) -> None:
        """Note that somebody is muted or suppressed from ``at`` on."""
        self._silenced.setdefault(user_id, Stretches()).begin(at)
        since = self._open.get(user_id)
        if since is not None and since >= at:
            del self._open[user_id]
        self._trim(user_id, at)

    def allow(self, user_id: int, at: float) -> None:
        """Note that somebody may be heard again from ``at`` on."""
        if user_id in self._silenced:
            self._silenced[user_id].end(at)

    def listen(self, user_id: int, at: float) -> None:
        """Note that somebody is present and not deafened from ``at`` on."""
        self._listening.setdefault(user_id, Stretches()).begin(at)

    def stop_listening(self, user_id: int, at: float) -> None:
        """Note that somebody left or deafened themselves at ``at``."""
        self._open.pop(user_id, None)
        if user_id in self._listening:
            self._listening[user_id].end(at)

    def assign(self, user_id: int, role: Role, at: float) -> None:
        """Note a role from ``at`` on."""
        self._roles.setdefault(user_id, []).append((at, role))

    def seconds(self, now: float) -> dict[int, float]:
        """Return the seconds of everybody who talked, open spurts up to ``now``."""
        total = dict(self._seconds)
        for user_id in self._open:
            going_on = self._going_on(user_id, now)
            if going_on:
                total[user_id] = total.get(user_id, 0.0) + seconds(going_on)
        return total

    def shares(self, now: float) -> dict[int, float]:
        """Return everybody's share of all talk, 0 to 1; empty before any talk."""
        total = self.seconds(now)
        every = sum(total.values())
        return {user: talk / every for user, talk in total.items()} if every else {}

    def talk(self, now: float) -> dict[int, Intervals]:
        """Return the intervals of everybody who talked, open spurts up to ``now``."""
        speakers = sorted(self._talk.keys() | self._open.keys())
        talk = {user_id: self._talk_of(user_id, now) for user_id in speakers}
        return {user_id: times for user_id, times in talk.items() if times}

    def listening(self, now: float) -> dict[int, Intervals]:
        """Return when everybody was present and not deafened, up to ``now``."""
        return {user: times.until(now) for user, times in self._listening.items()}

    def roles(self, user_id: int, now: float) -> Mapping[Role, Intervals]:
        """Return when somebody had which role, up to ``now``; a listener before."""
        history = [(0.0, Role.LISTENER), *sorted(self._roles.get(user_id, []), key=_at)]
        ends = [*(at for at, _ in history[1:]), now]
        held: dict[Role, list[Interval]] = {}
        for (start, role), end in zip(history, ends, strict=True):
            held.setdefault(role, []).append((start, end))
        return {role: union(times) for role, times in held.items()}

    def _talk_of(self, user_id: int, now: float) -> Intervals:
        closed = self._talk.get(user_id, [])
        going_on = self._going_on(user_id, now)
        return joined([*closed, *going_on]) if going_on else tuple(closed)

    def _going_on(self, user_id: int, now: float) -> Intervals:
        """Return what counts of a spurt that has not ended."""
        since = self._open.get(user_id, now)
        return self._allowed(user_id, ((since, now),)) if since < now else ()

    def _allowed(self, user_id: int, talk: Intervals) -> Intervals:
        """Return the talk without what was said while muted or suppressed."""
        silenced = self._silenced.get(user_id)
        if silenced is None or not talk:
            return talk
        return subtraction(talk, silenced.until(max(end for _, end in talk)))

    def _add(self, user_id: int, start: float, end: float) -> None:
        """Add one interval; only the end of the list is looked at, for speed."""
        talk = self._talk.setdefault(user_id, [])
        if not talk or start > talk[-1][1] + PAUSE_S:
            talk.append((start, end))
            self._seconds[user_id] = self._seconds.get(user_id, 0.0) + end - start
            return
        at = len(talk)
        while at > 0 and start <= talk[at - 1][1] + PAUSE_S:
            at -= 1
        self._replace(user_id, at, joined([*talk[at:], (start, end)]))

    def _trim(self, user_id: int, until: float) -> None:
        """Take back what was counted after ``until``."""
        talk = self._talk.get(user_id, [])
        at = len(talk)
        while at > 0 and talk[at - 1][1] > until:
            at -= 1
        if at < len(talk):
            self._replace(user_id, at, clipped(talk[at:], 0.0, until))

    def _replace(self, user_id: int, at: int, times: Intervals) -> None:
        talk = self._talk[user_id]
        if not at and not times:
            del self._talk[user_id], self._seconds[user_id]
            return
        change = seconds(times) - seconds(talk[at:])
        talk[at:] = times
        self._seconds[user_id] = self._seconds.get(user_id, 0.0) + change


def _at(change: tuple[float, Role]) -> float:
    return change[0]
