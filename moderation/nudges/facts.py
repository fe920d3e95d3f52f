"""What the nudge rules look at: the room at one moment, as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Monologue:
    """One person talking without a real word from anybody else."""

    user_id: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drifting:
    """The talk has left its topic."""

    score: float
    """1 is on topic, 0 is off."""

    topic: str
    lines: tuple[str, ...]
    """What weighs most, as said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeFacts:
    """One moment. Instants are Unix seconds."""

    now: float
    opened_at: float
    host_ids: frozenset[int] = frozenset()
    """Host and co-hosts."""

    speakers: Mapping[int, float] = field(default_factory=dict)
    """Everybody on the floor and since when."""

    listeners: int = 0
    """People in the room who are not on the floor."""

    hands: Mapping[int, float] = field(default_factory=dict)
    """Raised hands and since when."""

    resumed_at: float = 0.0
    """When the last intermission ended; in one nobody can speak."""

    invited_at: float = 0.0
    """When a listener was last invited to the floor; the opening if never."""

    has_topic: bool = True
    has_agenda: bool = False
    ends_at: float | None = None
    """Planned end; None where nothing was planned."""

    guests: frozenset[int] = frozenset()
    """Who said before the Space that they would come and speak."""

    unconfirmed: frozenset[int] = frozenset()
    """Who was asked before the Space to come and speak, and never answered."""

    reported_next: frozenset[int] = frozenset()
    """About whom the next word goes to the hosts: the ladder has come that far."""

    talk_s: Mapping[int, float] = field(default_factory=dict)
    """Seconds of recent talk by speaker."""

    spoke_at: Mapping[int, float] = field(default_factory=dict)
    """When each speaker was last heard."""

    monologue: Monologue | None = None
    drifting: Drifting | None = None
    words: int = 0
    """Words heard so far."""

    promotion: int = 0
    """Of those, words of promotional utterances."""

    promoted_by: tuple[str, ...] = ()
    """The phrases that made them promotion, what weighs most first."""

    unheard: Mapping[int, float] = field(default_factory=dict)
    """Speakers whom the bot cannot hear, and since when."""
