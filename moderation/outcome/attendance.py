"""Who was in the room and when, other bots left out; seconds of the Space."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Attendance:
    """The visits of one Space, told in the order in which they happened."""

    stayed: dict[int, float] = field(default_factory=dict)
    """Seconds in the room by member, visits put together."""

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
            self.stayed[user_id] = self.stayed.get(user_id, 0.0) + max(0.0, at - since)

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
        return sum(self.stayed.values()) / len(self.stayed) if self.stayed else 0.0
