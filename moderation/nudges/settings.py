"""What a host may want different about nudges."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NudgeSettings:
    """When nudges are given. The defaults suit Spaces of half an hour and more."""

    enabled: bool = True
    """Give nudges."""

    off: tuple[str, ...] = ()
    """Names of rules that are never used, e.g. ``commercial``."""

    host_gap_s: float = 120.0
    """Least seconds between two nudges to the hosts."""

    member_gap_s: float = 120.0
    """Least seconds between two nudges to one member."""

    cooldown_s: float = 300.0
    """Least seconds before one rule speaks again about the same person or thing."""

    monologue_s: float = 180.0
    """Seconds of one person's talk without a real word from anybody else."""

    dominance_share: float = 0.5
    """Share of the recent talk above which one person dominates, with three or more
    on the floor; with two it is four fifths of the way from here to 1."""

    dominance_window_s: float = 600.0
    """Seconds that count as recent."""

    dominance_talk_s: float = 240.0
    """Seconds of talk in that window before shares mean anything."""

    silent_guest_s: float = 600.0
    """Seconds on the floor without a word."""

    hand_wait_s: float = 300.0
    """Seconds that a raised hand waits before the hosts hear of it."""

    listeners_s: float = 900.0
    """Seconds without any listener being invited, while there are listeners."""

    agenda_s: float = 300.0
    """Seconds after the opening by which there should be an agenda; 0 for never."""

    long_s: float = 3600.0
    """Length after which a Space without a plan is too long (30 to 60 minutes is
    right); a planned one has its own end."""

    closing_s: float = 300.0
    """How long before that the hosts are told to come to an end; a fifth of what was
    planned, if that is less."""

    promotion_share: float = 0.2
    """Share of the words that may be promotion (80 % value, 20 % promotion)."""

    promotion_words: int = 400
    """Words heard before that share means anything."""

    unheard_s: float = 10.0
    """Seconds that a speaker cannot be heard by the bot before the hosts know."""

    check_s: float = 5.0
    """Seconds between two looks at the room."""
