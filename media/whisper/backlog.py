"""The one queue in front of the recogniser, for all speakers of all Spaces.

Rule 1: order is by urgency. Fresh live lines go first, oldest first; then partial
lines; then live lines that are late anyway; then the final pass.
Rule 2: a partial line is refused while a live one waits, and replaces the older
partial of its speaker. Partials are the first to go. One is stale when its spurt has
ended, or a newer one has been told: it would put back what was said already.
Rule 3: what waits is bounded in seconds of sound. When it is full partial lines go
first, then the oldest live line, and that is reported; the newest line stays. The
final pass is never given up: it bounds itself, and nobody would do it again.
Rule 4: what is taken together is one speaker's, in time order. What a worker died or
failed over is taken alone.

Pure: ``now`` is an argument, any steady clock in seconds.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from media.utterance import Grade
from media.whisper.jobs import SpurtAudio
from media.whisper.windows import PAUSE_S

FRESH, PARTIAL, LATE, FINAL = range(4)
RIPE_AGE_S = 60.0
RIPE_SHARE = 0.75

Key = tuple[int, int, str, str, Grade]
"""What jobs that share a window have in common."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A job in the queue."""

    number: int
    """Names the job between queue, worker and results."""
    job: SpurtAudio
    since: float
    """When it was submitted."""
    deaths: int = 0
    """How often a worker died or failed over it."""


class Backlog:
    """Spurts that wait, and in which order they are taken."""

    def __init__(self, *, window_s: float, fresh_s: float, max_s: float) -> None:
        self._window_s = window_s
        self._fresh_s = fresh_s
        self._max_s = max_s
        self._tickets: dict[int, Ticket] = {}
        self._issued = 0
        self._newest: dict[tuple[int, int], int] = {}
        """The job of each speaker before which partials are stale."""
        self.partials_dropped = 0

    def __len__(self) -> int:
        """Count the jobs that wait."""
        return len(self._tickets)

    @property
    def seconds(self) -> float:
        """Seconds of sound that wait."""
        return sum(ticket.job.seconds for ticket in self._tickets.values())

    def tickets(self) -> list[Ticket]:
        """List the jobs that wait."""
        return list(self._tickets.values())

    def add(self, job: SpurtAudio, now: float) -> list[Ticket]:
        """Queue a job; return the live lines given up to make room for it."""
        if job.grade is Grade.PARTIAL and not self._admits_partial(job):
            self.partials_dropped += 1
            return []
        if job.grade is Grade.LIVE:
            self._drop_partials(job)
        self._issued += 1
        self._tickets[self._issued] = Ticket(self._issued, job, now)
        if job.grade is Grade.LIVE:
            self._newest[_speaker(job)] = self._issued
        return self._make_room()

    def told(self, ticket: Ticket) -> None:
        """Take that the partial line of a job is shown: older ones are stale."""
        self._newest[_speaker(ticket.job)] = ticket.number

    def is_stale(self, ticket: Ticket) -> bool:
        """Say whether a job is a partial line that comes too late to be shown."""
        newest = self._newest.get(_speaker(ticket.job), 0)
        return ticket.job.grade is Grade.PARTIAL and ticket.number < newest

    def put_back(self, ticket: Ticket, *, blame: bool) -> None:
        """Queue a job again after a worker died, over it (``blame``) or not."""
        if self.is_stale(ticket):
            self.partials_dropped += 1
            return
        deaths = ticket.deaths + (1 if blame else 0)
        self._tickets[ticket.number] = replace(ticket, deaths=deaths)

    def take(self, now: float, *, patient: bool = False) -> list[Ticket]:
        """Remove and return the next window's worth of one speaker's jobs.

        With ``patient`` only windows that are worth it are given out: nearly full,
        or waited for long enough.
        """
        ripe = self._ripe(now) if patient else self.tickets()
        if not ripe:
            return []
        first = min(ripe, key=lambda ticket: self._rank(ticket, now))
        taken = [first]
        if first.job.grade is not Grade.PARTIAL and not first.deaths:
            room = self._window_s - first.job.seconds
            for mate in self._mates(first):
                room -= mate.job.seconds + PAUSE_S
                if room < 0:
                    break
                taken.append(mate)
        for ticket in taken:
            del self._tickets[ticket.number]
        return sorted(taken, key=lambda ticket: ticket.job.start)

    def remove(self, space_id: int) -> list[Ticket]:
        """Take one Space's jobs out, unanswered."""
        for speaker in [one for one in self._newest if one[0] == space_id]:
            del self._newest[speaker]
        removed = [t for t in self._tickets.values() if t.job.space_id == space_id]
        for ticket in removed:
            del self._tickets[ticket.number]
        return removed

    def clear(self) -> list[Ticket]:
        """Take all jobs out, unanswered."""
        removed = list(self._tickets.values())
        self._tickets.clear()
        return removed

    def _rank(self, ticket: Ticket, now: float) -> tuple[int, float]:
        match ticket.job.grade:
            case Grade.PARTIAL:
                return PARTIAL, ticket.since
            case Grade.LIVE:
                fresh = now - ticket.since <= self._fresh_s
                return (FRESH if fresh else LATE), ticket.since
            case Grade.FINAL:
                return FINAL, ticket.since

    def _ripe(self, now: float) -> list[Ticket]:
        """List the jobs that have waited for long, or fill a window with others."""
        together: defaultdict[Key, float] = defaultdict(float)
        for ticket in self._tickets.values():
            together[_key(ticket)] += ticket.job.seconds
        return [
            ticket
            for ticket in self._tickets.values()
            if now - ticket.since >= RIPE_AGE_S
            or together[_key(ticket)] >= RIPE_SHARE * self._window_s
        ]

    def _mates(self, first: Ticket) -> list[Ticket]:
        mates = [
            ticket
            for ticket in self._tickets.values()
            if ticket is not first and not ticket.deaths and _key(ticket) == _key(first)
        ]
        return sorted(mates, key=lambda ticket: ticket.job.start)

    def _admits_partial(self, job: SpurtAudio) -> bool:
        if any(t.job.grade is Grade.LIVE for t in self._tickets.values()):
            return False
        self._drop_partials(job)
        return True

    def _drop_partials(self, job: SpurtAudio) -> None:
        stale = [
            ticket.number
            for ticket in self._tickets.values()
            if ticket.job.grade is Grade.PARTIAL
            and _speaker(ticket.job) == _speaker(job)
        ]
        for number in stale:
            del self._tickets[number]
        self.partials_dropped += len(stale)

    def _make_room(self) -> list[Ticket]:
        given_up: list[Ticket] = []
        newest = self._tickets[self._issued]
        while self.seconds > self._max_s:
            least = self._least(newest)
            if least is None:
                break
            del self._tickets[least.number]
            if least.job.grade is Grade.PARTIAL:
                self.partials_dropped += 1
            else:
                given_up.append(least)
        return given_up

    def _least(self, newest: Ticket) -> Ticket | None:
        """Return what is given up next; None where all that waits has to stay."""
        partials = [t for t in self._tickets.values() if t.job.grade is Grade.PARTIAL]
        live = [
            ticket
            for ticket in self._tickets.values()
            if ticket.job.grade is Grade.LIVE and ticket is not newest
        ]
        return min(partials or live, key=lambda ticket: ticket.since, default=None)


def _speaker(job: SpurtAudio) -> tuple[int, int]:
    return job.space_id, job.user_id


def _key(ticket: Ticket) -> Key:
    job = ticket.job
    return job.space_id, job.user_id, job.language, job.hotwords, job.grade
