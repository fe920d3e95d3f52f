"""The rehearsal as plain lines, where there is no terminal to draw on.

Pure: each look at the rooms gives the lines that are new since the last one. What may
still change is not told yet: uncertain words, somebody whose name is not known.
"""

from collections.abc import Iterable, Iterator

from bot.rehearsal.view import clock
from bot.rooms.observation import RoomView
from moderation.view import Keeping


class Telling:
    """Says what has changed from one look to the next."""

    def __init__(self) -> None:
        self._said: dict[int, set[tuple[str, object]]] = {}

    def lines(self, views: Iterable[RoomView]) -> Iterator[str]:
        """Yield a line for everything that was not so at the last look."""
        for view in views:
            said = self._said.setdefault(view.space.space_id, set())
            at = clock(view.now - view.space.opened_at)
            for kind, key, text in _facts(view):
                if (kind, key) not in said:
                    said.add((kind, key))
                    yield f"{at:>5}  {kind:<10}  {text}"
            said -= {
                fact for fact in said if fact[0] in PASSING and fact not in _now(view)
            }


PASSING = {"floor", "queue", "invited", "cannot hear"}
"""Kinds that may end and come again."""

Fact = tuple[str, object, str]


def _facts(view: RoomView) -> Iterator[Fact]:
    space = view.space
    yield "space", "open", f"{space.kind.value}: {space.topic}"
    if space.recording is Keeping.ON:
        yield "recording", "on", "started"
    for seat in space.stage:
        if seat.user_id in view.names:
            name = view.name(seat.user_id)
            yield "floor", seat.user_id, f"{name} ({seat.role.value})"
    for hand in space.queue:
        kind = hand.kind.value.replace("_", " ")
        yield "queue", hand.user_id, f"{view.name(hand.user_id)}: {kind}"
    for invited in space.invited:
        yield "invited", invited.user_id, view.name(invited.user_id)
    for line in view.lines:
        if line.certain:
            key = line.user_id, line.at
            yield "said", key, f"{view.name(line.user_id)}: {line.text}"
    for nudge in view.nudges:
        yield "nudge", (nudge.rule, nudge.at), view.spelled(nudge.text)
    for user in view.unheard:
        yield "cannot hear", user, view.name(user)


def _now(view: RoomView) -> set[tuple[str, object]]:
    return {(kind, key) for kind, key, _ in _facts(view)}
