"""What an organiser may want different about the look before a Space."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreflightSettings:
    """When the go/no-go card comes, which voice is good, and the practice room."""

    before_min: float = 15.0
    """Minutes before the start at which the host gets the go/no-go card; 0 for
    never."""

    least_score: int = 60
    """Score of a voice check, 0 to 100, from which on a voice is good enough."""

    check_days: float = 7.0
    """Days after which a voice check no longer counts."""

    practice_end_min: float = 5.0
    """Minutes before the start at which a practice ends at the latest."""

    practice_empty_s: float = 120.0
    """Seconds without host and guests after which a practice ends."""

    practice_look_s: float = 5.0
    """Seconds between two looks at how everybody sounds in a practice."""
