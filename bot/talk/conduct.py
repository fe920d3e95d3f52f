"""Which nudges are said as they are, and which go up the ladder.

What a rule finds about how one person takes up the room is a fact of the Space: its
ladder decides what follows, journalled and the same after a restart. Everything else
is said at once.
"""

from collections.abc import Callable, Sequence

from moderation.effects import Audience, Nudge, Param
from moderation.events import ConductNudged


class Conduct:
    """The way of a nudge from the conversation into the room."""

    def __init__(
        self,
        notice: Callable[[ConductNudged], None],
        perform: Callable[[Sequence[Nudge]], None],
    ) -> None:
        self._notice = notice
        self._perform = perform

    def give(self, nudges: Sequence[Nudge]) -> None:
        """Pass nudges on, each to where it is decided."""
        for nudge in nudges:
            if nudge.audience is Audience.MEMBER and nudge.user_id is not None:
                self._notice(_found(nudge, nudge.user_id))
            else:
                self._perform([nudge])


def _found(nudge: Nudge, user_id: int) -> ConductNudged:
    talk_s = _figure(nudge.params.get("talk_s"))
    share = _figure(nudge.params.get("share"))
    return ConductNudged(user_id, nudge.rule, talk_s=talk_s, share=share)


def _figure(param: Param) -> float:
    return float(param) if isinstance(param, int | float) else 0.0
