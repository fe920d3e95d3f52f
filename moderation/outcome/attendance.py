"""Who was in the room and when, other bots left out; seconds of the Space."""

from dataclasses import dataclass, field

from media.intervals import Interval, seconds


@dataclass(slots=True)
class Attendance:
    """The visits of one Space, told in the order in which they happened."""

    stays: dict[int, list[Interval]] = field(default_factory=dict)
    """Visits that are over, by member."""

    peak_listeners: int = 0
    """Members in the room without the floor, at most at once."""

    _since: dict[int, float] = field(default_factory=dict)

    def came(self, user_id: int, at: float) -> None:
        """Note that somebody came; told again it changes nothing."""
        self._since.setdefault(user_id, at)

    def went(self, user_id: int, at: float) -> None:
        """Note that somebody left, whether or not they were there."""
        since = self._since.pop(user_id, None)
        if since is not None:
            self.stays.setdefault(user_id, []).append((since, max(since, at)))

    def seated(self, on_floor: set[int]) -> None:
        """Note who has the floor now."""
        listeners = len(self._since) - len(self._since.keys() & on_floor)
        self.peak_listeners = max(self.peak_listeners, listeners)

    def over(self, at: float) -> None:
        """Note that the Space is over, or is looked at now: those who stay, stayed."""
        for user_id in list(self._since):
            self.went(user_id, at)

    @property
    def average_s(self) -> float:
        """How long a member stayed on average, seconds; 0.0 where nobody came."""
        stayed = [seconds(visits) for visits in self.stays.values()]
        return sum(stayed) / len(stayed) if stayed else 0.0
