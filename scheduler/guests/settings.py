"""What an organiser may want different about invited guests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuestSettings:
    """How many guests there may be, and when the silent ones are reminded."""

    most: int = 12
    """Guests of one plan at most: a floor of 13 less its host."""

    after_h: float = 24.0
    """Hours after the invitation at which a silent guest is reminded; 0 for never."""

    before_h: tuple[float, ...] = (24.0, 3.0)
    """Hours before the start at which a silent guest is reminded."""

    apart_h: float = 6.0
    """Hours that at least lie between two messages to a silent guest."""

    host_h: float = 2.0
    """Hours before the start at which the host hears who is silent; 0 for never."""

    ready_min: float = 30.0
    """Minutes before the start at which a confirmed guest is reminded; 0 for never."""
