"""What keeps a room from being as its Space says: shown while it lasts, said once.

A missing permission is said once for everybody whom it concerns, not once for each of
ninety listeners; what has passed and comes back is said again.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from moderation import effects as fx
from moderation.enforcement import Plan


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way at the moment."""

    lacking: tuple[str, ...] = ()
    """Permissions that the bot needs and has not, by discord.py's names."""

    unreachable: tuple[int, ...] = ()
    """Members whom Discord does not let the bot silence or unsilence."""

    foreign: tuple[int, ...] = ()
    """Members with the floor whom a moderator has muted; that is respected."""


class Troubles:
    """Follows the trouble of one room and tells who should know."""

    def __init__(
        self,
        perform: Callable[[Sequence[fx.Effect]], None],
        touch: Callable[[], None],
    ) -> None:
        self._perform = perform
        self._touch = touch
        self.now = Trouble()

    def look(
        self, found: Plan, unreachable: Collection[int], foreign: Collection[int]
    ) -> None:
        """Take one plan, whom Discord refused to change, and the foreign mutes."""
        lacking = tuple(sorted({blocked.permission for blocked in found.blocked}))
        now = Trouble(lacking, tuple(sorted(unreachable)), tuple(sorted(foreign)))
        before, self.now = self.now, now
        if now == before:
            return
        self._perform(list(_news(before, now, len(found.blocked))))
        self._touch()


def _news(before: Trouble, now: Trouble, count: int) -> Iterator[fx.Effect]:
    for name in now.lacking:
        if name not in before.lacking:
            params: fx.Params = {"permission_key": f"permission.{name}", "n": count}
            yield fx.TellHosts("enforce.lacking", params=params, urgent=True)
    for user_id in now.unreachable:
        if user_id not in before.unreachable:
            about: fx.Params = {"user_id": user_id}
            yield fx.TellHosts("enforce.unreachable", params=about, urgent=True)
    for user_id in now.foreign:
        if user_id not in before.foreign:
            yield fx.TellHosts("enforce.foreign", params={"user_id": user_id})
            yield fx.Tell("enforce.foreign_told", user_id=user_id)
