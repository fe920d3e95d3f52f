"""What the worker has in hand, and which jobs are complete.

Rule 1: a job is answered when all its windows are, once; an answer that comes for a
job that was given back is ignored.
Rule 2: windows that travel together share language, hot-words and grade.
Rule 3: what a worker died or failed over is in its hands alone, so that what kills it
twice takes nobody's words along.
Rule 4: pure; ``now`` is an argument in seconds of any steady clock.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from media.utterance import Grade, Utterance, Word, mean_probability, utterance_id
from media.whisper.backlog import Ticket
from media.whisper.jobs import SAMPLE_BYTES
from media.whisper.windows import Sentence, Window, join, place


@dataclass(frozen=True, slots=True)
class Call:
    """One message to the worker: windows to recognise together."""

    number: int
    windows: tuple[Window, ...]
    tickets: tuple[Ticket, ...]
    """Whose sound is in the windows."""
    sent_at: float

    @property
    def grade(self) -> Grade:
        """The grade that all its jobs share."""
        return self.tickets[0].job.grade

    @property
    def is_doubted(self) -> bool:
        """Whether a worker died or failed over any of its jobs."""
        return any(ticket.deaths for ticket in self.tickets)

    @property
    def payload(self) -> bytes:
        """The sound of its windows, end to end."""
        return b"".join(window.pcm for window in self.windows)

    def header(self, model: str, beam: int) -> dict[str, Any]:
        """Say to the worker what to do with the payload."""
        job = self.tickets[0].job
        windows = [
            {
                "samples": len(window.pcm) // SAMPLE_BYTES,
                "pieces": [[piece.at, piece.seconds] for piece in window.pieces],
            }
            for window in self.windows
        ]
        return {
            "kind": "recognise",
            "call": self.number,
            "model": model,
            "language": job.language,
            "hotwords": job.hotwords,
            "beam": beam,
            "windows": windows,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A job whose windows all came back."""

    ticket: Ticket
    words: tuple[Word, ...]
    """In seconds of the Space."""
    language: str

    def utterance(self) -> Utterance:
        """Make the line of it; meaningful where there are words."""
        job = self.ticket.job
        return Utterance(
            id=utterance_id(job.user_id, job.start),
            user_id=job.user_id,
            start=job.start,
            end=job.end,
            text=" ".join(word.text for word in self.words),
            language=self.language,
            words=tuple(_within(word, job.start, job.end) for word in self.words),
            confidence=mean_probability(self.words),
            grade=job.grade,
        )


@dataclass(slots=True)
class _Gathering:
    ticket: Ticket
    windows_left: int = 0
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """What the worker said about one window."""

    sentences: tuple[Sentence, ...]
    """Whisper's segments, in seconds of the window."""
    language: str


def rows(message: Mapping[str, Any]) -> list[Row]:
    """Read the worker's words, a row per window of the call."""
    return [
        Row(tuple(map(_sentence, window["sentences"])), window["language"])
        for window in message["windows"]
    ]


def _within(word: Word, start: float, end: float) -> Word:
    """Keep a word's time inside its spurt; the sound reaches a little further."""
    first = min(max(word.start, start), end)
    return replace(word, start=first, end=min(max(word.end, first), end))


def _sentence(row: Mapping[str, Any]) -> Sentence:
    words = tuple(Word(*word) for word in row["words"])
    return Sentence(words, row["start"], row["end"])


class Calls:
    """Windows ready to go and calls under way."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._ready: deque[tuple[Window, tuple[Ticket, ...]]] = deque()
        self._under_way: dict[int, Call] = {}
        self._gathering: dict[int, _Gathering] = {}
        self._issued = 0

    @property
    def under_way(self) -> int:
        """How many calls the worker has."""
        return len(self._under_way)

    @property
    def ready(self) -> int:
        """How many windows wait to be sent."""
        return len(self._ready)

    @property
    def must_wait(self) -> bool:
        """Whether the next call may not go beside what is under way."""
        if not self._under_way:
            return False
        following = self._ready[0][1] if self._ready else ()
        return any(call.is_doubted for call in self._under_way.values()) or any(
            ticket.deaths for ticket in following
        )

    def tickets(self) -> list[Ticket]:
        """List the jobs that are not answered yet."""
        return [gathering.ticket for gathering in self._gathering.values()]

    def add(self, tickets: Sequence[Ticket]) -> None:
        """Lay one speaker's jobs into windows."""
        by_number = {ticket.number: ticket for ticket in tickets}
        jobs = [(ticket.number, ticket.job) for ticket in tickets]
        self._gathering |= {ticket.number: _Gathering(ticket) for ticket in tickets}
        for window in join(jobs, self._window_s):
            numbers = dict.fromkeys(piece.ticket for piece in window.pieces)
            for number in numbers:
                self._gathering[number].windows_left += 1
            self._ready.append((window, tuple(by_number[n] for n in numbers)))

    def next(self, windows: int, now: float) -> Call | None:
        """Take up to ``windows`` windows that may travel together."""
        if not self._ready:
            return None
        window, tickets = self._ready.popleft()
        together, shared = [window], [*tickets]
        while len(together) < windows and self._ready:
            other, theirs = self._ready[0]
            if _kind(theirs[0]) != _kind(tickets[0]) or tickets[0].deaths:
                break
            self._ready.popleft()
            together.append(other)
            shared += theirs
        self._issued += 1
        call = Call(self._issued, tuple(together), tuple(shared), now)
        self._under_way[call.number] = call
        return call

    def answer(self, number: int, rows: Sequence[Row]) -> list[Answer]:
        """Take in the worker's words; return the jobs that are complete now.

        Raises ValueError where they are not of so many windows: it still has the call.
        """
        call = self._under_way.get(number)
        if call is None:
            return []
        if len(rows) != len(call.windows):
            raise ValueError(f"{len(rows)} answers to {len(call.windows)} windows")
        del self._under_way[number]
        current = {ticket.number for ticket in call.tickets if self._holds(ticket)}
        complete: list[Answer] = []
        for window, row in zip(call.windows, rows, strict=True):
            for ticket_number, words in place(window, row.sentences).items():
                if ticket_number not in current:
                    continue
                gathering = self._gathering[ticket_number]
                gathering.words += words
                gathering.windows_left -= 1
                if not gathering.windows_left:
                    complete.append(self._complete(gathering, row.language))
        return complete

    def refuse(self, number: int) -> list[Ticket]:
        """Give back the jobs of a call that the worker could not do."""
        call = self._under_way.pop(number, None)
        if call is None:
            return []
        return self._give_back({t.number for t in call.tickets if self._holds(t)})

    def abandon(self) -> list[Ticket]:
        """Give back every job: the worker is gone."""
        self._under_way.clear()
        return self._give_back(set(self._gathering))

    def in_hand(self) -> set[int]:
        """Name the jobs that are in the worker at this moment."""
        return {t.number for call in self._under_way.values() for t in call.tickets}

    def age(self, now: float) -> float:
        """Return for how long the oldest call has been under way; 0.0 without one."""
        sent = [call.sent_at for call in self._under_way.values()]
        return now - min(sent) if sent else 0.0

    def _complete(self, gathering: _Gathering, language: str) -> Answer:
        del self._gathering[gathering.ticket.number]
        words = tuple(sorted(gathering.words, key=lambda word: word.start))
        return Answer(gathering.ticket, words, language)

    def _holds(self, ticket: Ticket) -> bool:
        held = self._gathering.get(ticket.number)
        return held is not None and held.ticket.deaths == ticket.deaths

    def _give_back(self, numbers: set[int]) -> list[Ticket]:
        self._ready = deque(
            (window, tickets)
            for window, tickets in self._ready
            if not numbers & {ticket.number for ticket in tickets}
        )
        return [self._gathering.pop(number).ticket for number in sorted(numbers)]


def _kind(ticket: Ticket) -> tuple[str, str, Grade, int]:
    job = ticket.job
    return job.language, job.hotwords, job.grade, ticket.deaths
