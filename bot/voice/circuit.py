"""What the websockets of one voice connection share, in turn.

A voice connection outlives its websockets (resumes, reconnects, moves); what has to
live as long as it does is here. Event loop only.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from bot.voice.group import DaveGroup
from bot.voice.listener import Listener
from bot.voice.ops import MOST_MEMBERS

log = logging.getLogger(__name__)

INTRODUCED_S = 10.0
"""Seconds that a member of the group may be unknown: op 11 may follow the epoch, and
whoever left (op 13) is in the group until a commit removes them."""


class Roster:
    """Who is in the channel, by the voice gateway and by the main gateway.

    The encryption group admits only these: it is what keeps a server from slipping a
    listener in unseen. Either gateway may be first to know, so both count.
    """

    def __init__(
        self,
        me: int,
        on_main: Callable[[], Iterable[int]],
        is_silenced: Callable[[int], bool] = lambda _: False,
    ) -> None:
        """Know nobody by the voice gateway yet; ``on_main``: by the main gateway.

        ``is_silenced``: whether a member is muted or suppressed, or we are deafened.
        """
        self._me = me
        self._on_main = on_main
        self._is_silenced = is_silenced
        self._on_voice: set[int] = set()

    def joined(self, user_ids: Iterable[int]) -> None:
        """Note op 11, 12 or 5; whoever is more than a channel holds is no member."""
        room = max(0, MOST_MEMBERS - len(self._on_voice))
        self._on_voice.update(islice(user_ids, room))

    def left(self, user_id: int) -> None:
        """Note op 13."""
        self._on_voice.discard(user_id)

    def clear(self) -> None:
        """Forget what a former voice session said."""
        self._on_voice.clear()

    def is_forwarded(self, user_id: int) -> bool:
        """Say whether the server sends us what a member says; never what we say."""
        return user_id != self._me and not self._is_silenced(user_id)

    def expected(self) -> list[int]:
        """Return who may be in the encryption group."""
        return sorted({self._me, *self._on_voice, *self._on_main()})


class Circuit:
    """Group, listener and roster of one voice connection.

    A proposal to add somebody unknown is refused, as the protocol demands. A welcome
    into a group with somebody unknown is not: the protocol does not ask for it and
    Discord's own library does not do it, because who left before a proposal was settled
    is in the group for a while; and op 31 would only bring us back into the same group.
    So whoever stays unknown is named instead.
    """

    def __init__(self, group: DaveGroup, listener: Listener, roster: Roster) -> None:
        self.group = group
        self.listener = listener
        self.roster = roster
        self.dropped: Counter[str] = Counter()
        """Messages of the voice gateway that could not be acted on, by kind."""
        self._uninvited: set[int] = set()

    @property
    def uninvited(self) -> list[int]:
        """Return members of the group who were long in no channel that we know of."""
        return sorted(self._uninvited & self.strangers())

    def strangers(self) -> set[int]:
        """Return members of the group who are in the channel by nobody's word."""
        return self.group.members() - set(self.roster.expected())

    def still_strangers(self, before: set[int]) -> None:
        """Note who of ``before`` nobody has introduced in ``INTRODUCED_S``."""
        self._uninvited = before & self.strangers()
        if self._uninvited:
            log.warning(
                "voice: %d members of the encryption group are not in the channel",
                len(self._uninvited),
            )
