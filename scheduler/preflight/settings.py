"""What an organiser may want different about the look before a Space."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreflightSettings:
    """When the go/no-go card comes, and which voice is good enough."""

    before_min: float = 15.0
    """Minutes before the start at which the host gets the go/no-go card; 0 for
    never."""

    least_score: int = 60
    """Score of a voice check, 0 to 100, from which on a voice is good enough."""

    check_days: float = 7.0
    """Days after which a voice check no longer counts."""
