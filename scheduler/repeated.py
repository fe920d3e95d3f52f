"""A series of planned Spaces: its rule, and what each of them is like."""

from dataclasses import dataclass

from scheduler.occurrences import Series
from scheduler.plans import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeries:
    """A series and what each of its plans is like."""

    id: int = 0
    """0 until it is kept."""

    model: Plan
    """What every occurrence is like, but for its time."""

    series: Series
    over: bool = False
    event_id: int | None = None
    """Discord's repeated scheduled event."""

    sequence: int = 0
    """How often the whole series was changed; calendars ask for it."""

    @property
    def guild_id(self) -> int:
        """Whose it is."""
        return self.model.guild_id
