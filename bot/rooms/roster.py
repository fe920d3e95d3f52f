"""Who is in a room as it was told, and what members are called.

Discord repeats itself; only what is new goes on, as a fact, to the talk, or to the
record.
"""

from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.talk.talk import Talk
from moderation.events import VoiceStateSeen
from moderation.store import guilds

Notice = Callable[[VoiceStateSeen], None]
Wake = Callable[[tuple[int, ...]], None]
"""Lets somebody be looked at again: whether they may speak."""


class Roster:
    """The voice states of one room, and the names that it has seen."""

    def __init__(
        self, guild_id: int, clock: Clock, talk: Talk, notice: Notice, wake: Wake
    ) -> None:
        self._guild_id = guild_id
        self._clock = clock
        self._talk = talk
        self._notice = notice
        self._wake = wake
        self._names: dict[int, str] = {}
        self._shown: dict[int, VoiceStateSeen] = {}

    @property
    def names(self) -> Mapping[int, str]:
        """What members are called, also those who have left."""
        return self._names

    def knows(self, user_id: int) -> bool:
        """Say whether the room was told that a member is here."""
        return user_id in self._shown

    def voice_state(self, user_id: int, state: VoiceStateSeen | None) -> None:
        """Take a member's voice state; None when they left. Only news is a fact."""
        if state is None:
            self._shown.pop(user_id, None)
            self._talk.left(user_id)
        elif self._shown.get(user_id) != state:
            self._shown[user_id] = state
            self._talk.seen(state)
            self._notice(state)
        self._wake((user_id,))

    def name(self, user_id: int, name: str) -> None:
        """Remember what a member is called, here and in the record."""
        if self._names.get(user_id) == name:
            return
        self._names[user_id] = name
        guild_id, now = self._guild_id, self._clock.now()
        self._talk.write(lambda db: guilds.saw_member(db, guild_id, user_id, name, now))
