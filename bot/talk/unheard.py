"""Whom the bot cannot hear, and who has to know of it.

The hosts are told once per person and reason at once; what goes on is a nudge, paced
by the conversation's policy, until the person is heard again. A connection that is lost
is told each time, and so is that it is back.
"""

from collections.abc import Callable

from bot.talk.ears import Ears
from bot.voice.listener import LinkState
from media.heard import UnheardReason
from moderation import effects as fx
from moderation.conversation import Conversation

NOBODY = 0
"""User id of what concerns no known member."""

LINK_DOWN = (NOBODY, UnheardReason.LINK_DOWN.value)


class UnheardWatch:
    """Follows one room's gaps of hearing."""

    def __init__(
        self,
        conversation: Conversation,
        perform: Callable[[list[fx.Effect]], None],
        now: Callable[[], float],
    ) -> None:
        self._conversation = conversation
        self._perform = perform
        self._now = now
        self._missing: set[int] = set()
        self._told: set[tuple[int, str]] = set()

    def heard_of(self, user_id: int, reason: str) -> None:
        """Tell the hosts that somebody (0: nobody knows who) is not heard."""
        if (user_id, reason) in self._told:
            return
        self._told.add((user_id, reason))
        if user_id:
            self._conversation.told_unheard(user_id, self._now())
        params: fx.Params = {"user_id": user_id}
        self._perform([fx.TellHosts(f"unheard.{reason}", params=params)])

    def never_in(self) -> None:
        """Note that there is no connection yet, and that the hosts know."""
        self._told.add(LINK_DOWN)

    def follow(self, ears: Ears, now: float) -> None:
        """Take who is not heard at this moment (Unix seconds)."""
        missing = set(ids(ears))
        for user_id in missing - self._missing:
            self._conversation.unheard(user_id, now)
        for user_id in self._missing - missing:
            self._conversation.unheard(user_id, None)
        self._missing = missing
        if LINK_DOWN in self._told and is_back(ears):
            self._told.discard(LINK_DOWN)
            self._perform([fx.TellHosts("unheard.link_back")])


def is_back(ears: Ears) -> bool:
    """Say whether there is a connection, and the receiver has taken note of it."""
    look = ears.snapshot()
    if look is None or look.state is not LinkState.CONNECTED:
        return False
    return all(one.reason is not UnheardReason.LINK_DOWN for one in look.unheard)


def ids(ears: Ears) -> tuple[int, ...]:
    """Return the members who speak and are not heard now."""
    snapshot = ears.snapshot()
    found = snapshot.unheard if snapshot is not None else ()
    return tuple(one.user_id for one in found if one.user_id)
