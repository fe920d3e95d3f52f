"""Cases: what was done about whom, by whom, why, and what of it still stands.

Rule 1: every action is one case with a number; undoing it is noted on the case and
never deletes it.
Rule 2: what stands against a member stands whether or not they are in the room, so it
survives leaving and coming back; bans and timed mutes survive the Space too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from moderation.refused import Refused
from moderation.sanction import Action, Sanction


@dataclass(frozen=True, slots=True)
class Case:
    """One action about one member."""

    number: int
    """1 for the first of the Space."""

    action: Action
    user_id: int
    by: int | None
    at: float
    """Unix seconds."""

    reason: str = ""
    until: float | None = None
    undone_by: int | None = None


_STANDS = (Action.MUTE, Action.REMOVE, Action.BAN)
UNDOABLE = (*_STANDS, Action.WARN, Action.NOTE)
"""What can be undone: a report is somebody else's word, letting off is an undoing."""

_SURVIVES = (Action.MUTE, Action.BAN)
_LIFTS = {Action.UNMUTE: Action.MUTE, Action.UNBAN: Action.BAN}


def still_standing(cases: Iterable[Case], now: float) -> tuple[Sanction, ...]:
    """Return what of a guild's earlier cases, oldest first, stands in a new Space.

    Bans stand until they are over, undone or lifted; mutes only if they have a time
    that is still ahead, for others were meant for their Space. Removals never do.
    """
    standing: dict[tuple[int, Action], Sanction] = {}
    for case in cases:
        if case.action in _LIFTS:
            standing.pop((case.user_id, _LIFTS[case.action]), None)
            continue
        lasts = case.action is Action.BAN and case.until is None
        ahead = case.until is not None and now < case.until
        survives = case.action in _SURVIVES and (lasts or ahead)
        if survives and case.undone_by is None:
            sanction = Sanction(case.user_id, case.action, case.until)
            standing[case.user_id, case.action] = sanction
    return tuple(standing.values())


@dataclass(slots=True)
class CaseBook:
    """The cases of one Space and what stands against whom."""

    cases: list[Case] = field(default_factory=list)
    standing: dict[int, dict[Action, Sanction]] = field(default_factory=dict)
    """By user and action."""

    def recall(self, sanctions: tuple[Sanction, ...]) -> None:
        """Take over what stands from earlier Spaces."""
        for sanction in sanctions:
            if sanction.action in _SURVIVES:
                self._stand(sanction)

    def open(self, case: Case) -> None:
        """Add a case, numbered ``next_number``, with what follows from it."""
        self.cases.append(case)
        if case.action in _STANDS:
            self._stand(Sanction(case.user_id, case.action, case.until))
        elif case.action is Action.UNMUTE:
            self.lift(case.user_id, Action.MUTE)
        elif case.action is Action.UNBAN:
            self.lift(case.user_id, Action.BAN)

    @property
    def next_number(self) -> int:
        """The number of the next case."""
        return len(self.cases) + 1

    def find(self, number: int) -> Case | None:
        """Return the case of a number, or None."""
        return self.cases[number - 1] if 1 <= number <= len(self.cases) else None

    def undo(self, number: int, by: int) -> Case:
        """Undo a case and lift what it did; refuse if there is nothing to undo."""
        case = self.find(number)
        if case is None:
            raise Refused("case.unknown", n=number)
        if case.undone_by is not None:
            raise Refused("case.already_undone", n=number)
        if case.action not in UNDOABLE:
            raise Refused("case.cannot_undo", n=number)
        case = self.cases[number - 1] = replace(case, undone_by=by)
        newer = any(
            other.action is case.action
            and other.user_id == case.user_id
            and other.undone_by is None
            for other in self.cases[number:]
        )
        if case.action in _STANDS and not newer:
            self.lift(case.user_id, case.action)
        return case

    def lift(self, user_id: int, action: Action) -> bool:
        """Let a sanction stand no longer; say whether it stood."""
        stands = self.standing.get(user_id, {})
        lifted = stands.pop(action, None) is not None
        if not stands:
            self.standing.pop(user_id, None)
        return lifted

    def stands(self, user_id: int, action: Action) -> Sanction | None:
        """Return what stands against a member, or None."""
        return self.standing.get(user_id, {}).get(action)

    def bars_entry(self, user_id: int) -> Sanction | None:
        """Return what keeps a member out of the room, or None."""
        ban = self.stands(user_id, Action.BAN)
        return ban or self.stands(user_id, Action.REMOVE)

    def lapsing(self) -> list[Sanction]:
        """Return what stands only until some time."""
        return [
            sanction
            for stands in self.standing.values()
            for sanction in stands.values()
            if sanction.until is not None
        ]

    def history(self, user_id: int) -> list[Case]:
        """Return the cases about a member, oldest first."""
        return [case for case in self.cases if case.user_id == user_id]

    def _stand(self, sanction: Sanction) -> None:
        self.standing.setdefault(sanction.user_id, {})[sanction.action] = sanction
