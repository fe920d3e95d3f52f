"""From when to when nobody could be heard: what is listed beside the tracks.

It begins when the connection is lost, or before, where something is found out late, and
ends when there is another one. Or it lasts as long as the bot is deafened by a
moderator, whatever the connection does. Pure: whoever calls says what time it is.
"""

from bot.voice.listener import LinkState

DOWN = (LinkState.RECONNECTING, LinkState.LOST)
"""States in which nobody is heard who was."""

NOTED_S = 1.0
"""Seconds that one has to last to be noted where a link ends in it: not to be taken for
the link's own leaving."""


class Outage:
    """The present one, if there is one."""

    def __init__(self) -> None:
        self._since = -1.0
        self._down = self._deaf = False

    def begin(self, since: float) -> None:
        """Note that nobody is heard; earlier word of that stands."""
        if self._since < 0:
            self._since = since

    def note(
        self, state: LinkState, reason: str, now: float
    ) -> tuple[float, float] | None:
        """Note where the connection stands; return an outage that is over: from, to.

        None, too, where the session was resumed: sound goes on over that.
        """
        self._down = state in DOWN
        if self._down:
            self.begin(now)
        elif state is LinkState.CONNECTED and not self._deaf:
            over = self._over(now)
            return None if reason == "resumed" else over
        return None

    def deaf(self, on: bool, now: float) -> tuple[float, float] | None:
        """Note whether a moderator has deafened us; return an outage that is over."""
        if on == self._deaf:
            return None
        self._deaf = on
        if on:
            self.begin(now)
            return None
        return None if self._down else self._over(now)

    def _over(self, now: float) -> tuple[float, float] | None:
        """End the present one, if there is one, and return it."""
        since, self._since = self._since, -1.0
        return (since, now) if since >= 0 else None

    def end(self, now: float) -> tuple[float, float] | None:
        """Return the outage in which the link ends, if it is one."""
        return (self._since, now) if 0 <= self._since < now - NOTED_S else None
