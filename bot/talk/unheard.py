"""Whom the bot cannot hear, and who has to know of it.

The hosts are told once per person and reason, within ten seconds of their speaking;
what goes on is a nudge, paced by the conversation's policy, until the person is heard
again. Who is found at the same time is named in one message: where encryption fails it
fails for many. What follows soon waits as long as those ten seconds allow, to be told
together. A connection that is lost, or a bot that is deafened, is told each time, and
so is that the room is heard again.
"""

from collections import defaultdict
from collections.abc import Callable

from bot.talk.ears import Ears
from bot.voice.listener import LinkState
from media.heard import UnheardReason
from moderation import effects as fx
from moderation.conversation import Conversation

NOBODY = 0
"""User id of what concerns no known member."""

PACE_S = 10.0
"""Seconds between two messages, where nobody has to be told sooner."""

PROMISE_S = 9.5
"""Seconds after which somebody who speaks unheard is told of, whatever the pace."""

Later = Callable[[float, Callable[[], None]], object]
"""Calls something in so many seconds."""

LINK_DOWN = (NOBODY, UnheardReason.LINK_DOWN.value)

ENDING = (UnheardReason.LINK_DOWN, UnheardReason.DEAFENED)
"""Reasons for which nobody is heard, and whose end is told."""


class UnheardWatch:
    """Follows one room's gaps of hearing."""

    def __init__(
        self,
        conversation: Conversation,
        perform: Callable[[list[fx.Effect]], None],
        now: Callable[[], float],
        later: Later,
    ) -> None:
        self._conversation = conversation
        self._perform = perform
        self._now = now
        self._later = later
        self._waiting: defaultdict[str, list[int]] = defaultdict(list)
        self._due_at: float | None = None
        self._told_at = 0.0
        self._missing: set[int] = set()
        self._told: set[tuple[int, str]] = set()

    def heard_of(self, user_id: int, reason: str, since: float) -> None:
        """Have the hosts told that somebody (0: nobody knows who) is not heard.

        They have spoken since ``since`` (Unix seconds).
        """
        if (user_id, reason) in self._told:
            return
        self._told.add((user_id, reason))
        if not user_id:
            self._perform([fx.TellHosts(f"unheard.{reason}")])
            return
        now = self._now()
        self._conversation.told_unheard(user_id, now)
        self._waiting[reason].append(user_id)
        due = max(now, min(self._told_at + PACE_S, since + PROMISE_S))
        if self._due_at is None or due < self._due_at:
            self._due_at = due
            self._later(due - now, self._tell)

    def _tell(self) -> None:
        """Name everybody who waits to be told of, by what is wrong."""
        if not self._waiting:
            return  # they were taken along with others
        waiting, self._waiting = self._waiting, defaultdict(list)
        self._due_at, self._told_at = None, self._now()
        for reason, user_ids in waiting.items():
            who: fx.Params = {"who_ids": " ".join(map(str, user_ids))}
            self._perform([fx.TellHosts(f"unheard.{reason}", params=who)])

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
        ended = self._told & {(NOBODY, reason.value) for reason in ENDING}
        if ended and is_back(ears):
            self._told -= ended
            self._perform([fx.TellHosts("unheard.link_back")])


def is_back(ears: Ears) -> bool:
    """Say whether there is a connection, and the receiver has taken note of it."""
    look = ears.snapshot()
    if look is None or look.state is not LinkState.CONNECTED:
        return False
    return all(one.reason not in ENDING for one in look.unheard)


def ids(ears: Ears) -> tuple[int, ...]:
    """Return the members who speak and are not heard now."""
    snapshot = ears.snapshot()
    found = snapshot.unheard if snapshot is not None else ()
    return tuple(one.user_id for one in found if one.user_id)
