"""What a rehearsal must show, and the shape of what was seen of it. Pure.

Seconds are those of the Space, from its opening.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

What = Literal[
    "ended",
    "final_pass",
    "floor",
    "hand",
    "invitation",
    "nudge",
    "no_track",
    "reminder",
    "silence",
    "talk_time",
    "track",
    "transcript",
]

WORDS: frozenset[What] = frozenset({"transcript", "final_pass"})
"""Expectations that need recognised words; so does a nudge for drift."""


@checked(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Expectation:
    """One thing that must have happened."""

    what: What
    space: str | None = None
    """Name of the Space; every kind but ``reminder`` needs it."""
    who: str | None = None
    """Name of the member that it is about."""
    kind: str | None = None
    """Of a nudge: its rule. Of a hand: ``chat``, ``button``, ``command`` …"""
    between: tuple[float, float] | None = None
    """Earliest and latest second, of the Space or (reminder) of the rehearsal."""
    at_least: float = 0.0
    """Of a transcript: share of the words said, 0 to 1. Of a nudge: lines quoted."""
    at_most: float = math.inf
    """Of talk time: largest relative error. Of silence: seconds."""

    @property
    def needs_words(self) -> bool:
        """Whether it can only be met where speech is recognised."""
        return self.what in WORDS or (self.what == "nudge" and self.kind == "drift")

    def problems(self) -> Iterator[str]:
        """Say what the file leaves out."""
        if self.space is None and self.what != "reminder":
            yield f"{self.what!r} needs the key space"
        if self.who is None and self.what in NEEDS_WHO:
            yield f"{self.what!r} needs the key who"
        if self.kind is None and self.what == "nudge":
            yield "'nudge' needs the key kind: the rule, e.g. drift or monologue"


NEEDS_WHO: frozenset[What] = frozenset(
    {"floor", "hand", "invitation", "silence", "track", "no_track"}
)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that one member did, or that was done to them."""

    who: str | None
    at: float
    kind: str = ""
    quotes: int = 0
    """Of a nudge: lines of the transcript that it shows."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of the transcript."""

    who: str
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class SpaceOutcome:
    """What was seen of one Space, people by name."""

    ended: bool
    """It was ended by its host, not by an error or the end of the run."""
    talk_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds of talk counted for each member."""
    floor: Sequence[Happened] = ()
    """Members who got the floor."""
    hands: Sequence[Happened] = ()
    """Hands raised; ``kind`` is the way: chat, button, command, native."""
    invitations: Sequence[Happened] = ()
    nudges: Sequence[Happened] = ()
    """``kind`` is the rule; ``who`` the member that it is about, if any."""
    lines: Sequence[Heard] = ()
    tracks: frozenset[str] = frozenset()
    """Members of whom there is a track with sound."""
    afterwards: str = "none was wanted"
    """What became of the better pass: ``done``, or what else in a few words."""


@dataclass(frozen=True, slots=True)
class SpaceTruth:
    """What the scenario made people say in one Space."""

    talk_s: Mapping[str, float]
    """Seconds of speech by member, of those who were to be heard."""
    lines: Mapping[str, Sequence[str]]
    """Lines by member, likewise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was seen of a rehearsal."""

    spaces: Mapping[str, SpaceOutcome]
    truth: Mapping[str, SpaceTruth]
    reminders: Sequence[float] = ()
    """Seconds of the rehearsal at which a reminder was sent."""
    words: bool = True
    """Whether words could be recognised (the synthesised voices and a model)."""
