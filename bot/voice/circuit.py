"""What the websockets of one voice connection share, in turn.

A voice connection outlives its websockets (resumes, reconnects, moves); what has to
live as long as it does is here. Event loop only.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from bot.voice.group import DaveGroup
from bot.voice.listener import Listener


class Roster:
    """Who is in the channel, by the voice gateway and by the main gateway.

    The encryption group admits only these: it is what keeps a server from slipping a
    listener in unseen. Either gateway may be first to know, so both count.
    """

    def __init__(self, me: int, on_main: Callable[[], Iterable[int]]) -> None:
        self._me = me
        self._on_main = on_main
        self._on_voice: set[int] = set()

    def joined(self, user_ids: Iterable[int]) -> None:
        """Note op 11, 12 or 5."""
        self._on_voice.update(user_ids)

    def left(self, user_id: int) -> None:
        """Note op 13."""
        self._on_voice.discard(user_id)

    def clear(self) -> None:
        """Forget what a former voice session said."""
        self._on_voice.clear()

    def expected(self) -> list[int]:
        """Return who may be in the encryption group."""
        return sorted({self._me, *self._on_voice, *self._on_main()})


class Circuit:
    """Group, listener and roster of one voice connection."""

    def __init__(self, group: DaveGroup, listener: Listener, roster: Roster) -> None:
        self.group = group
        self.listener = listener
        self.roster = roster
        self.dropped: Counter[str] = Counter()
        """Messages of the voice gateway that could not be acted on, by kind."""
