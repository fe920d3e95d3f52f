"""Who hosts: the host, the co-hosts, and whoever acts while the host is away.

Rule 1: there is always a host by name; while they are away somebody may act for them,
and the host who comes back hosts again.
Rule 2: the co-host of longest standing who is present acts first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Hosting:
    """The hosts of one Space."""

    host_id: int
    cohosts: list[int] = field(default_factory=list)
    """User ids, of longest standing first."""

    acting_id: int | None = None
    """Who hosts while the host is away."""

    lost_at: float | None = None
    """Unix seconds since when the host is away and nobody acts; None otherwise."""

    orphan_at: float | None = None
    """Unix seconds since when nobody can host; None otherwise."""

    @property
    def chair_id(self) -> int:
        """Who hosts now."""
        return self.host_id if self.acting_id is None else self.acting_id

    def is_host(self, user_id: int) -> bool:
        """Say whether a member has the host's rights now; the host always has them."""
        return user_id in (self.host_id, self.acting_id)

    def is_staff(self, user_id: int) -> bool:
        """Say whether a member is host, acting host or co-host."""
        return self.is_host(user_id) or user_id in self.cohosts

    def successor(self, is_present: Callable[[int], bool]) -> int | None:
        """Return who acts for the host: the first co-host who is present."""
        return next((user for user in self.cohosts if is_present(user)), None)

    def returned(self) -> None:
        """Let the host host again."""
        self.acting_id = self.lost_at = self.orphan_at = None

    def act(self, user_id: int) -> None:
        """Let somebody act for the host."""
        self.acting_id = user_id
        self.lost_at = self.orphan_at = None

    def hand_over(self, user_id: int) -> int:
        """Make somebody host; the host before them becomes co-host and is returned."""
        before = self.host_id
        self.cohosts = [before, *(c for c in self.cohosts if c != user_id)]
        self.host_id = user_id
        self.returned()
        return before
